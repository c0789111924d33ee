/** What is asked of PyTorch's optimizers and of ours: the same gradients, rates and settings. */
import { normal, randomKey } from '../../src/core/random.ts';
import type { OptimizerSettings } from '../../src/core/program.ts';

export const SHAPES: Record<string, number[]> = { 'fc.weight': [3, 4], 'fc.bias': [4] };
const STEPS = 8;

export interface OptimizerCase {
  name: string;
  optimizer: OptimizerSettings;
  clipNorm: number | null;
  rateFactors: Record<string, number>;
  decays: Record<string, boolean>;
}

const all = { 'fc.weight': true, 'fc.bias': true };
const matrices = { 'fc.weight': true, 'fc.bias': false };
const alike = { 'fc.weight': 1, 'fc.bias': 1 };
const adamw = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.25 } as const;

export const CASES: OptimizerCase[] = [
  { name: 'sgd', optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0.01 }, clipNorm: null, rateFactors: alike, decays: all },
  { name: 'nesterov', optimizer: { kind: 'sgd', momentum: 0.8, nesterov: true, weightDecay: 0.01 }, clipNorm: null, rateFactors: alike, decays: all },
  { name: 'sgd-clipped', optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0 }, clipNorm: 1.5, rateFactors: alike, decays: all },
  { name: 'adamw', optimizer: adamw, clipNorm: null, rateFactors: alike, decays: matrices },
  { name: 'adamw-other-betas', optimizer: { ...adamw, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }, clipNorm: 5, rateFactors: { 'fc.weight': 0.25, 'fc.bias': 1 }, decays: matrices },
];

const numbers = (key: number, shape: number[], scale = 1): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => Math.fround(scale * normal(randomKey(key, 'task'), index)));

/** Flat lists, in the order of memory. */
export const WEIGHTS = Object.fromEntries(Object.entries(SHAPES).map(([name, shape], place) => [name, numbers(1 + place, shape)]));
/** [step][weight]; of very different sizes, so that clipping sometimes bites. */
export const GRADIENTS = Array.from({ length: STEPS }, (_, step) => Object.fromEntries(Object.entries(SHAPES).map(([name, shape], place) => [name, numbers(10 + 2 * step + place, shape, step % 3 === 0 ? 2 : 0.1)])));
export const RATES = Array.from({ length: STEPS }, (_, step) => 0.1 * 0.5 * (1 + Math.cos((Math.PI * step) / STEPS)));
