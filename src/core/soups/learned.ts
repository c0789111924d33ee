/**
 * Learned soup (Wortsman et al. 2022, "Model soups", recipe 2): W = sum_k softmax(a)_k W_k, for the whole network or for each layer by itself, where the
 * logits a make the loss on held-out data small. Its gradient follows from that of the network:
 *   dL/dc_k = <dL/dW, W_k>,   dL/da_k = c_k (dL/dc_k - sum_j c_j dL/dc_j)
 * Adam (Kingma and Ba 2015) steps from the uniform soup; the best of all soups on the way is kept, so that none is worse than the uniform one.
 */
import { linear } from './linear.ts';
import { layerOf, type SoupRule } from './rule.ts';

/** Shares of the parents, by layer; those of the whole network under WHOLE. */
export type Coefficients = ReadonlyMap<string, readonly number[]>;
export const WHOLE = '';

/** Loss of the soup of these shares, and <dL/dW, W_k> over the weights of each layer. */
export type Slope = (coefficients: Coefficients) => Promise<{ loss: number; products: Coefficients }>;

export interface Learned {
  coefficients: Coefficients;
  /** On the held-out data. */
  loss: number;
  /** Of the uniform soup on the same. */
  startLoss: number;
}

const [MEAN_DECAY, SQUARE_DECAY, EPSILON] = [0.9, 0.999, 1e-8];

export function learnedRule(coefficients: Coefficients): SoupRule {
  return linear((tensor) => ({ weights: (coefficients.get(layerOf(tensor)) ?? coefficients.get(WHOLE))!, divisor: 1 }));
}

/** @param layers what has shares of its own; [WHOLE] for one set of shares */
export async function learn(parents: number, layers: readonly string[], slope: Slope, { steps, rate }: { steps: number; rate: number }): Promise<Learned> {
  const zeros = (): Map<string, number[]> => new Map(layers.map((layer) => [layer, new Array<number>(parents).fill(0)]));
  const [logits, mean, square] = [zeros(), zeros(), zeros()];
  let best: Learned = { coefficients: new Map(), loss: Infinity, startLoss: Infinity };
  for (let step = 1; step <= steps + 1; step++) {
    const coefficients = new Map(Array.from(logits, ([layer, values]) => [layer, softmax(values)]));
    const { loss, products } = await slope(coefficients);
    if (step === 1 || loss < best.loss) best = { coefficients, loss, startLoss: step === 1 ? loss : best.startLoss };
    if (step > steps) break;
    for (const layer of layers) {
      const [shares, product] = [coefficients.get(layer)!, products.get(layer)!];
      const inner = shares.reduce((sum, share, parent) => sum + share * product[parent], 0);
      for (const [parent, share] of shares.entries()) {
        const gradient = share * (product[parent] - inner);
        const [m, s] = [mean.get(layer)!, square.get(layer)!];
        m[parent] = MEAN_DECAY * m[parent] + (1 - MEAN_DECAY) * gradient;
        s[parent] = SQUARE_DECAY * s[parent] + (1 - SQUARE_DECAY) * gradient ** 2;
        const [meanHat, squareHat] = [m[parent] / (1 - MEAN_DECAY ** step), s[parent] / (1 - SQUARE_DECAY ** step)];
        logits.get(layer)![parent] -= (rate * meanHat) / (Math.sqrt(squareHat) + EPSILON);
      }
    }
  }
  return best;
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
