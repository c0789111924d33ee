/** How near to each other names cover each other, px: one of a digit or two. */
const APART = { x: 24, y: 15 };

/** On which side of its mark each name stands, in a picture's own units: right, or left where it would cover a name before it. */
export function labelSides(places: readonly { x: number; y: number }[]): ('left' | 'right')[] {
  const sides: ('left' | 'right')[] = [];
  for (const { x, y } of places) {
    const covers = (side: 'left' | 'right'): boolean => sides.some((each, before) => each === side && Math.abs(places[before].x - x) < APART.x && Math.abs(places[before].y - y) < APART.y);
    sides.push(covers('right') && !covers('left') ? 'left' : 'right');
  }
  return sides;
}
