/** What a training step is, apart from what changes from step to step. */
import type { NetworkSpec } from '../protocol/network.ts';
import type { Optimizer, Training } from '../protocol/plan-training.ts';
import { fixedLayers } from './forward.ts';
import { allButHead, frozenLayers } from './freeze.ts';
import { rateFactors } from './layer-decay.ts';
import { parametersOf, type Parameter } from './network.ts';
import type { Normalization } from './normalization.ts';

type WithoutRate<O> = O extends unknown ? Omit<O, 'learningRate'> : never;
export type OptimizerSettings = WithoutRate<Optimizer>;

/** A weight that learns. */
export interface LearningWeight {
  name: string;
  shape: readonly number[];
  /** Its learning rate is this times the step's. */
  rateFactor: number;
  /** Does weight decay apply to it? */
  decays: boolean;
}

/** How images cross to the device, and what is done with them there. */
export interface ImageForm {
  /** Of bytes; null for floats that are normalised already. */
  normalization: Normalization | null;
  /** Are batches mixed with themselves (mixup)? */
  mixes: boolean;
}

export interface Program {
  network: NetworkSpec;
  images: ImageForm;
  optimizer: OptimizerSettings;
  /** In the order of the layers. */
  learning: readonly LearningWeight[];
  /** Names of layers that work as in evaluation. */
  frozen: ReadonlySet<string>;
  /** Names of layers before everything that learns: they are computed without keeping anything for a gradient. */
  fixed: ReadonlySet<string>;
  /** Parts into which a batch is cut. */
  accumulate: number;
  /** The most that the global norm of the gradient may be. */
  clipNorm: number | null;
}

export type ProgramSettings = { optimizer: OptimizerSettings; images?: ImageForm } & Partial<Pick<Training, 'accumulate' | 'clipNorm' | 'layerDecay' | 'freeze'>>;

/**
 * @param phase in a `probe` only the head learns
 * @throws StarsseError plan-invalid for a pattern of `freeze` that means no layer
 */
export function programOf(network: NetworkSpec, settings: ProgramSettings, phase: 'probe' | 'main' = 'main'): Program {
  const { optimizer, accumulate = 1, clipNorm = null, layerDecay = null, freeze = [], images = { normalization: null, mixes: false } } = settings;
  const frozen = phase === 'probe' ? allButHead(network) : frozenLayers(network, freeze);
  const factors = layerDecay === null ? null : rateFactors(network, layerDecay);
  const parameters = trainedParameters(network).filter(({ layer }) => !frozen.has(layer.name));
  const learning = parameters.map((parameter) => ({
    name: parameter.name,
    shape: parameter.shape,
    rateFactor: factors?.get(parameter.layer.name) ?? 1,
    decays: optimizer.kind === 'sgd' || isMatrix(parameter),
  }));
  const fixed = fixedLayers(network, new Set(parameters.map(({ layer }) => layer.name)));
  return { network, images, optimizer, learning, frozen, fixed, accumulate, clipNorm };
}

/** Weights that an optimizer could change; batch norm's running statistics are not among them. */
export function trainedParameters(network: NetworkSpec): Parameter[] {
  return parametersOf(network).filter(({ role }) => role === 'trained');
}

/**
 * The authors' groups for AdamW: no decay for 1-D weights and biases, nor for tokens and tables of positions, absolute or
 * relative.
 */
function isMatrix({ name, shape, layer }: Parameter): boolean {
  if (shape.length < 2 || name.endsWith('.bias')) return false;
  return layer.kind !== 'class-token' && layer.kind !== 'position' && !name.endsWith('relative_position_bias_table');
}
