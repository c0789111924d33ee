/** What a kind of layer is: how its shape follows, which tensors it has, what it computes. One file of this folder a kind or family. */
import type * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../../protocol/errors.ts';
import type { Layer } from '../../protocol/network.ts';

export type LayerOf<Kind extends Layer['kind']> = Extract<Layer, { kind: Kind }>;

/** One named tensor of a network. */
export interface Parameter {
  /** PyTorch's name: conv1.weight, bn1.running_mean, fc.bias. */
  name: string;
  layer: Layer;
  /** Trained by the optimizer, or gathered by batch norm. */
  role: 'trained' | 'statistic';
  /** In memory: HWIO, [in, out], [channels]. */
  shape: number[];
  /** In files: OIHW, [out, in], [channels]. */
  diskShape: number[];
  /** How memory follows from the file; null where both hold the numbers in one order. */
  order: DiskOrder | null;
  /** Inputs of one output number; 0 where nothing is summed. */
  fanIn: number;
  initialisation: Initialisation;
}

/** The file's numbers read as `shape` (as many as in `diskShape`); axis k of memory is axis `axes[k]` of it. */
export interface DiskOrder {
  shape: number[];
  axes: number[];
}

/** New weights, where there is no checkpoint. `he`: normal with variance 2 / fanIn (He et al. 2015). */
export type Initialisation = { kind: 'constant'; value: number } | { kind: 'he' } | { kind: 'normal'; deviation: number };

/** Training: batch norm by the batch's own statistics, dropout by `noise` or none if null. Otherwise running statistics and no dropout. */
export type Mode =
  | { training: false }
  | {
      training: true;
      /** Random tensors by the name of the layer that uses them; made by `drawNoise`. */
      noise: ReadonlyMap<string, tf.Tensor> | null;
      /** Names of batch norms that go by their running statistics even so. */
      frozen?: ReadonlySet<string>;
    };

export interface ApplyContext {
  /** The layer's tensor `<layer>.<name>`, in the layout of memory. @throws StarsseError internal */
  weight(name: string): tf.Tensor;
  /** A tensor by its full name. @throws StarsseError internal */
  tensor(name: string): tf.Tensor;
  mode: Mode;
  /** Takes what a batch norm saw: mean and biased variance of the batch, [channels] each. */
  saw(mean: tf.Tensor, variance: tf.Tensor): void;
}

/** Shapes are without the batch: [height, width, channels], [tokens, channels] or [channels]. */
export interface LayerType<L extends Layer> {
  /** @throws StarsseError file-invalid, made by `unfit`, where the inputs do not fit */
  outputShape(layer: L, inputs: number[][]): number[];
  /** @param flattened [height, width, channels] of the images that were flattened into the input, else null */
  parameters?(layer: L, input: number[], flattened: number[] | null): Parameter[];
  /** The layer's output. Runs in a tidy: what it makes on the way is freed. Only operations with a gradient (core/gradients). */
  apply(layer: L, inputs: tf.Tensor[], context: ApplyContext): tf.Tensor;
  /** Multiply-accumulates of one image. Left out: none. */
  macs?(layer: L, inputs: number[][], output: number[]): number;
  /** A mask of 0 (with probability `rate`) and 1 / (1 - rate) that the layer needs in training, [batch, ...shape]. Left out: none. */
  noise?(layer: L, input: number[]): { shape: number[]; rate: number };
}

/** A layer whose inputs do not fit; `core/network.ts` adds which layer of which network. */
export function unfit(problem: string): StarsseError {
  return new StarsseError('file-invalid', problem);
}

/** @throws StarsseError file-invalid unless the shape has so many dimensions */
export function wantRank(shape: number[], ...ranks: number[]): void {
  if (!ranks.includes(shape.length)) throw unfit(`its input is [${shape}], it takes ${ranks.join(' or ')} dimensions`);
}

/** A vector, one number a channel, that starts as `value`. */
export function vector(layer: Layer, name: string, length: number, value = 0): Parameter {
  return {
    name: `${layer.name}.${name}`, layer, role: 'trained', shape: [length], diskShape: [length], order: null, fanIn: 0,
    initialisation: { kind: 'constant', value },
  };
}
