/**
 * How far steps as one call of a graph and steps op by op come apart in 50 steps, for every built-in network and optimizer:
 * `node scripts/node24.mjs bench/agreement.ts [network ...]`. Dropout and drop path are on; networks are nearly the identity where new ones
 * would blow rounding up.
 */
import { startBackend } from '../src/backends/choose.ts';
import { type BuiltinName } from '../src/core/builtin.ts';
import { ADAMW, disagreement, SGD, type Case } from '../test/backends/agreement.ts';
import { reportWords } from './report.ts';

const STEPS = 50;
const SIDES = {
  linear: 8, mlp: 8, 'small-cnn': 8, 'resnet-8': 8, 'resnet-20': 8, 'vit-mini': 8, 'resnet-18': 32, 'mobilenet-v2': 64, 'resnet-50': 64, 'swin-tiny': 32,
} as const satisfies Partial<Record<BuiltinName, number>>;
const wanted = process.argv.slice(2);

await startBackend('tensorflow', { threads: 2 });
const words: string[] = [];
for (const [network, side] of Object.entries(SIDES) as [keyof typeof SIDES, number][]) {
  if (wanted.length > 0 && !wanted.includes(network)) continue;
  for (const optimizer of [SGD, ADAMW]) {
    const each: Case = { network, side, steps: STEPS, settings: { optimizer }, learningRate: side > 8 ? 1e-4 : 1e-3 };
    const { loss, weight, slot } = await disagreement(each);
    console.log(`${network} ${side} x ${side}, ${optimizer.kind}: losses ${loss.toExponential(1)}, weights ${weight.toExponential(1)}, slots ${slot.toExponential(1)}`);
    if (Math.max(loss, weight) >= 1e-5) words.push(`${network} ${optimizer.kind} ${Math.max(loss, weight).toExponential(1)}`);
  }
}
reportWords(`losses and weights after ${STEPS} steps as one call and op by op, further apart than 1e-5`, words.length === 0 ? 'none' : words.join(', '));
