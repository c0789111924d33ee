/**
 * Temperature scaling (Guo et al. 2017): softmax(logits / t). In s = 1/t the NLL is convex,
 *   f(s) = mean(log sum_c exp(s z_c) - s z_y),   f'(s) = mean(E_p[z] - z_y),   f''(s) = mean(Var_p[z]),   p = softmax(s z),
 * so the best temperature is where f' crosses zero. Calibrated NLL (Ashukha et al. 2020, "Pitfalls of in-domain uncertainty
 * estimation"): fit t on one half, score the other, both ways, mean over 5 random halvings.
 */
import { mean, nll, type Predictions } from './metrics.ts';
import { permutation, randomKey } from './random.ts';

/** Temperatures are sought between these; perfectly separated data would send the best one to 0. */
const LOWEST_TEMPERATURE = 1e-3;
const HIGHEST_TEMPERATURE = 1e3;

/**
 * The temperature of the lowest NLL. It never changes which class is predicted, and never raises the NLL of these predictions.
 * @param guess where the search begins: it does not change what is found
 */
export function fitTemperature(predictions: Predictions, guess = 1): number {
  let low = 1 / HIGHEST_TEMPERATURE;
  let high = 1 / LOWEST_TEMPERATURE;
  let scale = 1 / guess;
  // Newton's method; where it leaves the interval that holds the crossing, the (geometric) middle of the interval instead.
  for (let iteration = 0; iteration < 100; iteration++) {
    const { slope, curvature } = derivatives(predictions, scale);
    if (slope > 0) high = scale;
    else low = scale;
    const newton = scale - slope / curvature;
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    const moved = Math.abs(next - scale);
    scale = next;
    // The digits that are right double with each step: those after so small a one are at the end of what numbers hold.
    if (moved <= 1e-8 * scale) break;
  }
  return nll(atTemperature(predictions, 1 / scale)) <= nll(predictions) ? 1 / scale : 1;
}

export function atTemperature({ logits, labels, classes }: Predictions, temperature: number): Predictions {
  const scaled = new Float64Array(logits.length);
  for (let index = 0; index < scaled.length; index++) scaled[index] = logits[index] / temperature;
  return { logits: scaled, labels, classes };
}

/** NLL after temperature scaling, each half of the objects scored with the temperature of the other, nats. */
export function calibratedNll(predictions: Predictions, { repeats = 5, seed = 0 }: { repeats?: number; seed?: number } = {}): number {
  const count = predictions.labels.length;
  const scores: number[] = [];
  const ofAll = fitTemperature(predictions);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = permutation(randomKey(seed, 'folds', repeat), count);
    const middle = Math.floor(count / 2);
    const halves = [rows(predictions, order.subarray(0, middle)), rows(predictions, order.subarray(middle))];
    for (const [fit, score] of [halves, [...halves].reverse()]) scores.push(nll(atTemperature(score, fitTemperature(fit, ofAll))));
  }
  return mean(scores);
}

/** f'(s) and f''(s). */
function derivatives({ logits, labels, classes }: Predictions, scale: number): { slope: number; curvature: number } {
  let slope = 0;
  let curvature = 0;
  for (let row = 0; row < labels.length; row++) {
    const start = row * classes;
    const end = start + classes;
    let highest = -Infinity;
    for (let index = start; index < end; index++) highest = Math.max(highest, logits[index]);
    // Of exp, exp z, exp z^2, with z counted from the highest.
    let sum = 0;
    let first = 0;
    let second = 0;
    for (let index = start; index < end; index++) {
      const z = logits[index] - highest;
      const weight = Math.exp(scale * z);
      sum += weight;
      first += weight * z;
      second += weight * z * z;
    }
    const expected = first / sum;
    slope += expected - (logits[start + labels[row]] - highest);
    curvature += second / sum - expected * expected;
  }
  return { slope: slope / labels.length, curvature: curvature / labels.length };
}

function rows({ logits, labels, classes }: Predictions, chosen: Uint32Array): Predictions {
  const picked = new Float64Array(chosen.length * classes);
  for (let target = 0; target < chosen.length; target++) {
    const start = chosen[target] * classes;
    for (let index = 0; index < classes; index++) picked[target * classes + index] = logits[start + index];
  }
  return { logits: picked, labels: Int32Array.from(chosen, (row) => labels[row]), classes };
}
