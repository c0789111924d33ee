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

/** The temperature of the lowest NLL. It never changes which class is predicted, and never raises the NLL of these predictions. */
export function fitTemperature(predictions: Predictions): number {
  let low = 1 / HIGHEST_TEMPERATURE;
  let high = 1 / LOWEST_TEMPERATURE;
  let scale = 1;
  // Newton's method; where it leaves the interval that holds the crossing, the (geometric) middle of the interval instead.
  for (let iteration = 0; iteration < 100; iteration++) {
    const { slope, curvature } = derivatives(predictions, scale);
    if (slope > 0) high = scale;
    else low = scale;
    const newton = scale - slope / curvature;
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    if (Math.abs(next - scale) <= 1e-12 * scale) break;
    scale = next;
  }
  return nll(atTemperature(predictions, 1 / scale)) <= nll(predictions) ? 1 / scale : 1;
}

export function atTemperature({ logits, labels, classes }: Predictions, temperature: number): Predictions {
  return { logits: Float64Array.from(logits, (logit) => logit / temperature), labels, classes };
}

/** NLL after temperature scaling, each half of the objects scored with the temperature of the other, nats. */
export function calibratedNll(predictions: Predictions, { repeats = 5, seed = 0 }: { repeats?: number; seed?: number } = {}): number {
  const count = predictions.labels.length;
  const scores: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = permutation(randomKey(seed, 'folds', repeat), count);
    const middle = Math.floor(count / 2);
    const halves = [rows(predictions, order.subarray(0, middle)), rows(predictions, order.subarray(middle))];
    for (const [fit, score] of [halves, [...halves].reverse()]) scores.push(nll(atTemperature(score, fitTemperature(fit))));
  }
  return mean(scores);
}

/** f'(s) and f''(s). */
function derivatives({ logits, labels, classes }: Predictions, scale: number): { slope: number; curvature: number } {
  let slope = 0;
  let curvature = 0;
  for (const [row, label] of labels.entries()) {
    const start = row * classes;
    let highest = -Infinity;
    for (let index = start; index < start + classes; index++) highest = Math.max(highest, logits[index]);
    let [sum, first, second] = [0, 0, 0]; // of exp, exp z, exp z^2, with z counted from the highest
    for (let index = start; index < start + classes; index++) {
      const z = logits[index] - highest;
      const weight = Math.exp(scale * z);
      sum += weight;
      first += weight * z;
      second += weight * z * z;
    }
    const expected = first / sum;
    slope += expected - (logits[start + label] - highest);
    curvature += second / sum - expected * expected;
  }
  return { slope: slope / labels.length, curvature: curvature / labels.length };
}

function rows({ logits, labels, classes }: Predictions, chosen: Uint32Array): Predictions {
  const picked = new Float64Array(chosen.length * classes);
  for (const [target, row] of chosen.entries()) picked.set(logits.subarray(row * classes, (row + 1) * classes), target * classes);
  return { logits: picked, labels: Int32Array.from(chosen, (row) => labels[row]), classes };
}
