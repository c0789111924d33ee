/**
 * The plane through three networks, and two random directions from one: points as sums of three networks.
 *
 *   u = w2 - w1;  v = (w3 - w1) - <w3 - w1, u> u / |u|^2;  point (x, y) = w1 + x u / |u| + y v / |v|   (Garipov et al. 2018)
 *
 * Written out, the point is c1 w1 + c2 w2 + c3 w3, and its coefficients follow from inner products alone.
 */
import { StarsseError } from '../../protocol/errors.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import { combine, distance, innerProduct, largestDifference, type HostWeights } from './host-weights.ts';

export interface Plane {
  /** (x, y) of the three networks: (0, 0), (|u|, 0), (<w3 - w1, u> / |u|, |v|). */
  corners: [number, number][];
  /** What each of the three counts at a point; they sum to 1. */
  coefficients(x: number, y: number): [number, number, number];
}

/** How far a point of the plane may be from the network that lies there, relative to the network's distance from w1. */
const TOLERANCE = 1e-6;
/** Below this share of |w3 - w1| the part of it that is orthogonal to u is rounding. */
const FLAT = 1e-6;

/** @param names for errors. @throws StarsseError usage when two are equal or all three lie on a line; internal when the plane misses one of them */
export function planeThrough(network: NetworkSpec, [w1, w2, w3]: readonly HostWeights[], names: readonly string[]): Plane {
  const length = distance(network, w2, w1);
  const third = distance(network, w3, w1);
  if (length === 0 || third === 0) {
    const twin = length === 0 ? names[1] : names[2];
    throw new StarsseError('usage', `${names[0]} and ${twin} are the same network: no plane goes through ${names.join(', ')}`, { hint: 'Choose three that differ, or random directions.' });
  }
  const along = innerProduct(network, w3, w2, w1) / length;
  const height = Math.sqrt(Math.max(0, third ** 2 - along ** 2));
  if (height <= FLAT * third) {
    throw new StarsseError('usage', `${names.join(', ')} lie on one line: no plane is given by them`, { hint: 'Choose another third network; a soup of the first two lies between them.' });
  }
  const plane: Plane = {
    corners: [[0, 0], [length, 0], [along, height]],
    coefficients(x, y) {
      const c3 = y / height;
      const c2 = (x - along * c3) / length;
      return [1 - c2 - c3, c2, c3];
    },
  };
  checkPlane(network, plane, [w1, w2, w3], names);
  return plane;
}

/** Does the plane pass through its three networks? Every number is compared. @throws StarsseError internal */
function checkPlane(network: NetworkSpec, plane: Plane, corners: readonly HostWeights[], names: readonly string[]): void {
  for (const [index, corner] of corners.entries()) {
    const miss = largestDifference(combine(corners, plane.coefficients(...plane.corners[index])), corner);
    const scale = Math.max(1, ...corner.map((part) => part.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
    if (!(miss <= TOLERANCE * scale)) throw new StarsseError('internal', `The plane misses ${names[index]} by ${miss}`);
  }
  const apart = distance(network, combine(corners, plane.coefficients(...plane.corners[2])), corners[0]);
  if (Math.abs(apart - Math.hypot(...plane.corners[2])) > TOLERANCE * apart) throw new StarsseError('internal', `The plane shows ${names[2]} at the wrong distance from ${names[0]}`);
}
