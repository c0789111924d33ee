/** Where names stand beside their marks, so that none covers another name or another mark. Lengths are those of the picture. */

export interface NamedMark {
  x: number;
  y: number;
  text: string;
  /** Half the size of the mark. */
  radius: number;
}

export interface LabelPlace {
  /** From the mark's middle to the text's baseline, at its start, middle or end. */
  dx: number;
  dy: number;
  anchor: 'start' | 'middle' | 'end';
  /** It stands so far away that a line leads to it. */
  isFar: boolean;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Of a bold text of 15 units. */
const LETTER = 9;
const HEIGHT = 14;
const [NEAR, FAR] = [4, 22];

/** One after another: the first place of each that is free, or the one where least is covered. @param room within which names should stay */
export function labelPlaces(marks: readonly NamedMark[], room: Box): LabelPlace[] {
  const names: Box[] = [];
  return marks.map((mark, index) => {
    const others = marks.flatMap(({ x, y, radius }, other) => (other === index ? [] : [{ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }]));
    const tried = candidates(mark.radius).map((place) => {
      const box = boxOf(mark, place);
      return { place, box, covered: [...others, ...names].reduce((sum, each) => sum + shared(box, each), 0) + HEIGHT * outside(box, room) };
    });
    const best = tried.reduce((least, each) => (each.covered < least.covered ? each : least));
    names.push(best.box);
    return best.place;
  });
}

/** Right, left, below, above, then farther away in all directions. */
function candidates(radius: number): LabelPlace[] {
  const near = radius + NEAR;
  const far = radius + FAR;
  const middle = 5; // from the middle of a digit to its baseline
  const around: [number, number, LabelPlace['anchor']][] = [[1, 0, 'start'], [-1, 0, 'end'], [0, 1, 'middle'], [0, -1, 'middle'], [0.75, -0.75, 'start'], [0.75, 0.75, 'start'], [-0.75, -0.75, 'end'], [-0.75, 0.75, 'end']];
  const at = ([x, y, anchor]: (typeof around)[number], distance: number, isFar: boolean): LabelPlace => ({ dx: x * distance, dy: y * (distance + (x === 0 ? HEIGHT / 2 : 0)) + middle, anchor, isFar });
  return [...around.slice(0, 4).map((direction) => at(direction, near, false)), ...around.map((direction) => at(direction, far, true))];
}

function boxOf({ x, y, text }: NamedMark, { dx, dy, anchor }: LabelPlace): Box {
  const width = LETTER * text.length;
  const left = x + dx - { start: 0, middle: width / 2, end: width }[anchor];
  return { left, top: y + dy - HEIGHT + 2, right: left + width, bottom: y + dy + 2 };
}

/** Area. */
function shared(a: Box, b: Box): number {
  return Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
}

/** How far it sticks out, all sides together. */
function outside(box: Box, room: Box): number {
  return Math.max(0, room.left - box.left) + Math.max(0, box.right - room.right) + Math.max(0, room.top - box.top) + Math.max(0, box.bottom - room.bottom);
}
