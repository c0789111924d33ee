/** A Keras model as a network of ours with its weights. */
import { StarsseError } from '../../protocol/errors.ts';
import { IMAGES, type Layer, type NetworkSpec } from '../../protocol/network.ts';
import type { TensorData } from '../../protocol/tensor.ts';
import { product } from '../network.ts';
import type { Normalization } from '../normalization.ts';
import { Builder } from './builder.ts';
import { unsupported } from './conversion.ts';
import { CONVERSIONS } from './conversions.ts';
import { genericLayer } from './generic-layer.ts';
import type { KerasWeights } from './keras-weights.ts';
import { pixelsOf } from './pixels.ts';
import { refuseLayers } from './refusals.ts';
import type { KerasGraph, KerasNode } from './topology.ts';

export interface WantedNetwork {
  /** [height, width, channels] of the images; where the model leaves them open, or was saved for another size. */
  inputShape?: readonly number[] | undefined;
  classes?: number | undefined;
}

export interface KerasNetwork {
  network: NetworkSpec;
  /** Without the head's, where it was replaced. */
  tensors: TensorData[];
  normalization: Normalization | null;
}

/**
 * The softmax at the end is left out: the network gives logits. The last dense layer is the head; another number of classes makes
 * it another one, and a model without one (include_top=False) gets pooling and a head.
 * @throws StarsseError file-invalid, naming layers that cannot be used; mismatch where weights do not fit
 */
export function networkFromKeras(graph: KerasGraph, weights: KerasWeights, wanted: WantedNetwork, what: string): KerasNetwork {
  refuseLayers(graph.nodes, what);
  const inputShape = inputShapeOf(graph, wanted.inputShape, what);
  const build = new Builder(inputShape, graph.nodes.map(({ id }) => id), weights, what);
  const names = new Map([[IMAGES, firstInput(graph, inputShape, build)]]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => names.get(input)!);
    names.set(node.id, convert({ ...node, inputs }, build));
  }
  const logits = headOf(build, names.get(graph.output)!, wanted.classes);
  const network: NetworkSpec = { name: graph.name, inputShape, classes: logits.classes, layers: logits.layers, head: logits.head };
  const { tensors } = build.finish(network);
  return { network, tensors: logits.isNew ? tensors.filter(({ name }) => !name.startsWith(`${logits.head}.`)) : tensors, normalization: pixelsOf(network) };
}

function convert(node: KerasNode, build: Builder): string {
  const conversion = CONVERSIONS[node.className];
  if (conversion !== undefined && node.config.data_format === 'channels_first') throw unsupported(node, build, 'its channels are first, which is not supported');
  return conversion?.(node, build) ?? genericLayer(node, build);
}

/** @returns [height, width, channels]; features are [1, 1, count] */
function inputShapeOf({ inputShape, name }: KerasGraph, wanted: readonly number[] | undefined, what: string): [number, number, number] {
  const misfit = (problem: string): StarsseError =>
    new StarsseError('mismatch', `${what}: the model ${name} takes [${inputShape.map((length) => length ?? 'any').join(', ')}], ${problem}`, { hint: 'Use data of that shape, or a model that was made for the data.' });
  if (inputShape.length === 3) {
    const shape = wanted ?? inputShape;
    if (shape.some((length) => length === null)) throw misfit('which leaves the size of the images open, and no data say it');
    if (inputShape[2] !== null && shape[2] !== inputShape[2]) throw misfit(`the data are [${shape.join(', ')}]`);
    return [...shape] as [number, number, number];
  }
  if (inputShape.length === 0 || inputShape.length > 3 || inputShape.some((length) => length === null)) throw misfit('which are neither images nor features');
  const count = product(inputShape as number[]);
  if (wanted !== undefined && product(wanted) !== count) throw misfit(`the data are [${wanted.join(', ')}]`);
  if (wanted !== undefined) return [...wanted] as [number, number, number];
  return inputShape.length === 1 ? [1, 1, count] : [inputShape[0]!, inputShape[1]!, 1];
}

/** Our images as what the model takes: features, or rows of features. */
function firstInput({ inputShape }: KerasGraph, images: number[], build: Builder): string {
  if (inputShape.length === 3) return IMAGES;
  const name = build.nameBeside('input', inputShape.length === 1 ? 'flatten' : 'reshape');
  if (inputShape.length === 1) return build.add({ kind: 'flatten', name, inputs: [IMAGES] });
  const outputShape = inputShape as number[];
  if (images.join() === outputShape.join()) return IMAGES;
  return build.add({ kind: 'keras', name, inputs: [IMAGES], className: 'Reshape', config: { target_shape: outputShape }, weights: [], outputShape });
}

interface Head {
  layers: Layer[];
  head: string;
  classes: number;
  /** Not the file's. */
  isNew: boolean;
}

function headOf(build: Builder, output: string, wanted: number | undefined): Head {
  const byName = new Map(build.layers.map((layer) => [layer.name, layer]));
  let last = byName.get(output);
  if (last?.kind === 'activation' && last.function === 'softmax') last = byName.get(last.inputs[0]);
  if (last?.kind === 'dense' && build.shape(last.name).length === 1 && last.outputs > 1) {
    const isNew = wanted !== undefined && wanted !== last.outputs;
    const head: Layer = isNew ? { ...last, outputs: wanted } : last;
    const layers = neededFor(build.layers, last.name).map((layer) => (layer === last ? head : layer));
    return { layers, head: last.name, classes: isNew ? wanted : last.outputs, isNew };
  }
  const shape = build.shape(output);
  const isFeatures = last?.kind !== 'dense' && last?.kind !== 'activation' && (shape.length === 1 || shape.length === 3);
  if (!isFeatures || wanted === undefined) {
    throw new StarsseError('file-invalid', `${build.what}: the model ends in ${last === undefined ? 'its input' : `${last.name} [${shape.join(', ')}]`}; a classifier ends in a Dense layer of 2 classes or more, with softmax or without activation`, {
      hint: isFeatures ? 'Name the classes in the plan, and it gets a new last layer.' : 'Save the model with such a last layer.',
    });
  }
  const pooled = shape.length === 3 ? build.add({ kind: 'global-average-pool', name: build.nameBeside('head', 'pool'), inputs: [output], keepDims: false }) : output;
  const head = build.add({ kind: 'dense', name: build.nameBeside('head', 'dense'), inputs: [pooled], outputs: wanted, bias: true });
  return { layers: neededFor(build.layers, head), head, classes: wanted, isNew: true };
}

/** Without layers on which the output does not depend. */
function neededFor(layers: readonly Layer[], output: string): Layer[] {
  const needed = new Set([output]);
  for (const { name, inputs } of layers.toReversed()) if (needed.has(name)) for (const input of inputs) needed.add(input);
  return layers.filter(({ name }) => needed.has(name));
}
