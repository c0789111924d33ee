/**
 * Spherical interpolation of two (Shoemake 1985, "Animating rotation with quaternion curves"), the network as one vector:
 *   W = sin((1 - t) Omega) / sin(Omega) W1 + sin(t Omega) / sin(Omega) W2,   cos(Omega) = <W1, W2> / (|W1| |W2|)
 * where Omega is too small to divide by its sine, the straight line. Running statistics have no part in the angle and are interpolated.
 */
import { addUp, type Shares } from './linear.ts';
import { isStatistic, type SoupRule } from './rule.ts';

/** 1 - |cos| below which the line is straight to the last digit. */
const STRAIGHT = 1e-10;

/** @param t from 0, the first network, to 1, the second */
export function slerp(t: number): SoupRule {
  let [inner, first, second] = [0, 0, 0];
  const line: Shares = { weights: [1 - t, t], divisor: 1 };
  let arc: Shares | null = null;
  return {
    looks: 1,
    look(_pass, tensor, [a, b]) {
      if (isStatistic(tensor)) return;
      for (let index = 0; index < a.length; index++) {
        inner += a[index] * b[index];
        first += a[index] * a[index];
        second += b[index] * b[index];
      }
    },
    mix(tensor, stretch, _from, result) {
      arc ??= arcOf(inner / Math.sqrt(first * second), t) ?? line;
      addUp(stretch, isStatistic(tensor) ? line : arc, result);
    },
  };
}

/** The shares of both; null where the two point the same or the opposite way. */
function arcOf(cosine: number, t: number): Shares | null {
  if (!(1 - Math.abs(cosine) > STRAIGHT)) return null;
  const angle = Math.acos(cosine);
  return { weights: [Math.sin((1 - t) * angle), Math.sin(t * angle)], divisor: Math.sin(angle) };
}
