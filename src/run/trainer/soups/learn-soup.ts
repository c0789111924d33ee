/** The shares of a learned soup (`core/soups/learned.ts`) on validation images, by the gradient of the network; batch norm goes by the averaged statistics meanwhile. */
import { hostWeights } from '../../../core/basin/host-weights.ts';
import { lossGradientOf } from '../../../core/basin/loss-gradient.ts';
import { fromDisk } from '../../../core/layout.ts';
import { parametersOf, type Parameter } from '../../../core/network.ts';
import { learn, learnedRule, WHOLE, type Learned, type Slope } from '../../../core/soups/learned.ts';
import { layerOf } from '../../../core/soups/rule.ts';
import { looked, type Kitchen } from './kitchen.ts';
import type { SoupSource } from './sources.ts';
import { mixedInMemory } from './stretches.ts';

const STEPS = 30;
const RATE = 0.1;

/** @param perLayer each layer has shares of its own. A tensor of each parent is in memory at a time, and the soup with its gradient. */
export async function learnSoup(kitchen: Kitchen, sources: readonly SoupSource[], { perLayer = false, steps = STEPS }: { perLayer?: boolean; steps?: number }): Promise<Learned> {
  const { runner, run, signal, step } = kitchen;
  const { network, normalization } = runner;
  const trained = parametersOf(network).filter(({ role }) => role === 'trained');
  const groupOf = (parameter: Parameter): string => (perLayer ? layerOf(asTensor(parameter)) : WHOLE);
  let done = 0;
  const gradientAt = lossGradientOf({ network, normalization, dataset: looked(kitchen, 'validation'), batchSize: run.plan.evaluation.batchSize, onBatch: () => step(`Learning shares (step ${done} of ${steps})`, 0.3 + (0.2 * done) / steps) });
  const slope: Slope = async (coefficients) => {
    const point = hostWeights(network, await mixedInMemory(learnedRule(coefficients), sources, { signal }), 'the soup');
    const { loss, gradient } = await gradientAt(point);
    const products = new Map<string, number[]>();
    let start = 0;
    for (const parameter of trained) {
      const count = parameter.shape.reduce((a, b) => a * b, 1);
      const part = gradient.subarray(start, (start += count));
      const sums = products.get(groupOf(parameter)) ?? sources.map(() => 0);
      for (const [index, source] of sources.entries()) sums[index] += inner(part, await numbersOf(source, parameter, count));
      products.set(groupOf(parameter), sums);
    }
    done += 1;
    return { loss, products };
  };
  const layers = [...new Set(trained.map(groupOf))];
  const learned = await learn(sources.length, layers, slope, { steps, rate: RATE });
  return perLayer ? { ...learned, coefficients: new Map([...learned.coefficients, [WHOLE, sources.map(() => 1 / sources.length)]]) } : learned;
}

function asTensor({ name, diskShape }: Parameter): { name: string; dtype: string; shape: number[] } {
  return { name, dtype: 'F32', shape: diskShape };
}

/** In memory's order. */
async function numbersOf(source: SoupSource, parameter: Parameter, count: number): Promise<Float32Array> {
  const values = new Float32Array(count);
  await source.read([{ tensor: parameter.name, from: 0, into: new Uint8Array(values.buffer) }]);
  return fromDisk(parameter, values);
}

function inner(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}
