/**
 * Where networks that do not lie in a plane are seen in it: feet of perpendiculars. From distances alone, since
 * <a - o, b - o> = (|a - o|^2 + |b - o|^2 - |a - b|^2) / 2.
 */
import type { BasinSoFar } from '../../../src/protocol/basin.ts';
import type { Surface } from '../../../src/protocol/plane.ts';
import { partOf } from './relations.ts';

export interface Projection {
  network: string;
  x: number;
  y: number;
  /** How far it lies from the plane. */
  away: number;
}

/** Of the networks of the basin that are no corners of the plane and have a head of the task. */
export function projectionsOf({ places, kind, headOf }: Surface, basin: BasinSoFar | null): Projection[] {
  const distance = basin === null ? undefined : partOf(basin, 'whole')?.distance;
  if (kind !== 'plane' || places.length !== 3 || basin === null || distance === undefined || headOf !== null) return [];
  const { networks } = basin.geometry;
  const [o, p, q] = places.map(({ network }) => networks.indexOf(network));
  if ([o, p, q].includes(-1)) return [];
  const between = (a: number, b: number): number => distance[a][b] ?? NaN;
  const inner = (a: number, b: number): number => (between(o, a) ** 2 + between(o, b) ** 2 - between(a, b) ** 2) / 2;
  const [origin, along, across] = places;
  const length = along.x - origin.x;
  const [qx, qy] = [across.x - origin.x, across.y - origin.y];
  return networks.flatMap((network, place) => {
    if (places.some((each) => each.network === network)) return [];
    const x = inner(place, p) / length;
    const y = (inner(place, q) - x * qx) / qy;
    const away = Math.sqrt(Math.max(0, between(o, place) ** 2 - x ** 2 - y ** 2));
    return Number.isFinite(away) ? [{ network, x: origin.x + x, y: origin.y + y, away }] : [];
  });
}
