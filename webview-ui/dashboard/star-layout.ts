/** Where the drawing of a run puts its members: a star around the common start, or a tree from left to right. */
import type { Member } from '../../src/protocol/run.ts';

export interface Node {
  /** A member's name, or `pretrained`. */
  name: string;
  x: number;
  y: number;
  radius: number;
  /** Where its figure stands, from its centre: away from all edges. */
  label: { x: number; y: number; anchor: 'start' | 'middle' | 'end' };
}
export interface Edge {
  /** Names of the nodes. */
  from: string;
  to: string;
  /** Ends of the visible line, outside both nodes. */
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}
export interface Picture {
  width: number;
  height: number;
  nodes: Node[];
  edges: Edge[];
}

export const PRETRAINED = 'pretrained';

/** The node a member comes from. Where members start from different checkpoints, each checkpoint is a node. */
function startOf(member: Member, members: readonly Member[]): string {
  if (member.startsFrom !== PRETRAINED) return member.startsFrom;
  const checkpoints = [...new Set(members.filter(({ startsFrom }) => startsFrom === PRETRAINED).map(({ checkpoint }) => checkpoint))];
  return checkpoints.length < 2 ? PRETRAINED : `${PRETRAINED}-${1 + checkpoints.indexOf(member.checkpoint)}`;
}

const WIDTH = 340;
const RADIUS = 21;
const HUB_RADIUS = 31;
const GAP = 5;
/** Room for a label beside a node. */
const LABEL_WIDTH = 68;
/** Of two lines. */
const LABEL_HEIGHT = 31;

export function layout(members: readonly Member[]): Picture {
  const hub = hubOf(members);
  const nodes = hub === null ? tree(members) : star(members, hub);
  const width = Math.max(WIDTH, ...nodes.map((node) => node.x + node.radius + (node.label.anchor === 'start' ? LABEL_WIDTH : 0) + 10));
  const height = Math.max(...nodes.map((node) => node.y + node.radius)) + LABEL_HEIGHT + 6;
  return { width, height, nodes, edges: edgesOf(members, nodes) };
}

/** The node around which all others stand: the start of at least three nodes, or of all but its own start. */
function hubOf(members: readonly Member[]): string | null {
  if (members.length < 3) return null;
  const [first, ...others] = members;
  if (members.every((member) => startOf(member, members) === PRETRAINED)) return PRETRAINED;
  return others.every(({ startsFrom }) => startsFrom === first.name) ? first.name : null;
}

/** Rays at equal angles; in a star around member 1 the pre-trained weights are the ray to the left. */
function star(members: readonly Member[], hub: string): Node[] {
  const rays = hub === PRETRAINED ? members.map(({ name }) => name) : [PRETRAINED, ...members.slice(1).map(({ name }) => name)];
  const reach = Math.min(150, Math.max(112, rays.length * 9));
  const radius = Math.min(RADIUS, ((Math.PI * reach) / rays.length) * 0.72);
  const firstAngle = hub === PRETRAINED ? -Math.PI / 2 : Math.PI;
  const around = rays.map((name, index) => {
    const angle = firstAngle + (2 * Math.PI * index) / rays.length;
    return { name, x: reach * Math.cos(angle), y: reach * Math.sin(angle), radius, label: outward(angle, radius) };
  });
  const top = Math.min(...around.map(({ y }) => y));
  const left = Math.min(...around.map((node) => node.x - (node.label.anchor === 'end' ? LABEL_WIDTH : 0)));
  const right = Math.max(...around.map((node) => node.x + (node.label.anchor === 'start' ? LABEL_WIDTH : 0)));
  const shiftX = Math.max(WIDTH, right - left + 2 * radius + 20) / 2 - (left + right) / 2;
  const shiftY = radius + LABEL_HEIGHT + 6 - top;
  const inside = { x: 0, y: 15, anchor: 'middle' } as const;
  return [{ name: hub, x: 0, y: 0, radius: HUB_RADIUS, label: inside }, ...around].map((node) => ({ ...node, x: node.x + shiftX, y: node.y + shiftY }));
}

/** Beyond a node as seen from the hub: above, below or beside it. */
function outward(angle: number, radius: number): Node['label'] {
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  if (Math.abs(x) < 0.5) return { x: 0, y: y < 0 ? -radius - 9 : radius + 17, anchor: 'middle' };
  if (x < -0.99) return { x: 0, y: radius + 17, anchor: 'middle' };
  return { x: Math.sign(x) * (radius + 9), y: 4, anchor: x > 0 ? 'start' : 'end' };
}

/** Columns by distance from the start; within one, in run order. */
function tree(members: readonly Member[]): Node[] {
  const depths = new Map<string, number>();
  for (const member of members) {
    const start = startOf(member, members);
    if (!depths.has(start)) depths.set(start, 0);
    depths.set(member.name, depths.get(start)! + 1);
  }
  const columns = Math.max(...depths.values()) + 1;
  const rows = new Map<number, number>();
  const pitch = Math.max(64, Math.min(120, (WIDTH - 60) / Math.max(1, columns - 1)));
  const left = Math.max(40, (WIDTH - pitch * (columns - 1)) / 2);
  return [...depths].map(([name, depth]) => {
    const row = rows.get(depth) ?? 0;
    rows.set(depth, row + 1);
    return { name, x: left + pitch * depth, y: RADIUS + 12 + row * 66, radius: RADIUS, label: { x: 0, y: RADIUS + 17, anchor: 'middle' } };
  });
}

function edgesOf(members: readonly Member[], nodes: readonly Node[]): Edge[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return members.flatMap((member) => {
    const start = startOf(member, members);
    const from = byName.get(start);
    const to = byName.get(member.name);
    if (from === undefined || to === undefined) return [];
    const distance = Math.hypot(to.x - from.x, to.y - from.y);
    const [ux, uy] = [(to.x - from.x) / distance, (to.y - from.y) / distance];
    const [near, far] = [from.radius + GAP, to.radius + GAP + 2];
    return [{ from: start, to: member.name, x1: from.x + ux * near, y1: from.y + uy * near, x2: to.x - ux * far, y2: to.y - uy * far }];
  });
}
