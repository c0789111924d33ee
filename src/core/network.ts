/** What follows from a network's description alone: shapes, parameters, costs. Shapes of images are [height, width, channels]. */
import { StarsseError } from '../protocol/errors.ts';
import { IMAGES, NETWORK_FORMAT, type Layer, type ModelFile, type NetworkSpec } from '../protocol/network.ts';
import type { Parameter } from './layers/layer-type.ts';
import { layerType } from './layers/layer-types.ts';

export type { Parameter } from './layers/layer-type.ts';

// A network's description never changes; what follows from it is asked for in every step.
const knownShapes = new WeakMap<NetworkSpec, ReadonlyMap<string, number[]>>();
const knownParameters = new WeakMap<NetworkSpec, readonly Parameter[]>();

/** Output shape of every layer without the batch, by name; `images` included. @throws StarsseError file-invalid when layers do not fit */
export function layerShapes(network: NetworkSpec): ReadonlyMap<string, number[]> {
  let shapes = knownShapes.get(network);
  if (shapes === undefined) knownShapes.set(network, (shapes = computeShapes(network)));
  return shapes;
}

function computeShapes(network: NetworkSpec): ReadonlyMap<string, number[]> {
  const shapes = new Map<string, number[]>([[IMAGES, network.inputShape]]);
  for (const layer of network.layers) {
    if (shapes.has(layer.name)) throw invalid(network, layer, 'its name is taken');
    const inputs = layer.inputs.map((input) => {
      const shape = shapes.get(input);
      if (shape === undefined) throw invalid(network, layer, `no layer before it is called ${input}`);
      return shape;
    });
    try {
      shapes.set(layer.name, layerType(layer).outputShape(layer, inputs));
    } catch (cause) {
      throw cause instanceof StarsseError && cause.code === 'file-invalid' ? invalid(network, layer, cause.message) : cause;
    }
  }
  const last = network.layers[network.layers.length - 1];
  const logits = shapes.get(last.name);
  if (logits?.length !== 1 || logits[0] !== network.classes) {
    throw invalid(network, last, `it gives [${logits}], the logits of ${network.classes} classes are [${network.classes}]`);
  }
  if (network.layers.find(({ name }) => name === network.head)?.kind !== 'dense') {
    throw new StarsseError('file-invalid', `Network ${network.name}: the head ${network.head} is not a dense layer`);
  }
  return shapes;
}

/** Every named tensor, in the order of the layers; worked out once a network. @throws StarsseError file-invalid when layers do not fit */
export function parametersOf(network: NetworkSpec): readonly Parameter[] {
  let parameters = knownParameters.get(network);
  if (parameters === undefined) {
    const shapes = layerShapes(network);
    parameters = network.layers.flatMap((layer) => layerType(layer).parameters?.(layer, shapes.get(layer.inputs[0])!, flattenedInto(network.layers, layer, shapes)) ?? []);
    knownParameters.set(network, parameters);
  }
  return parameters;
}

/** The shape of the images that were flattened into the layer's input, through layers that keep the order of numbers. */
function flattenedInto(layers: readonly Layer[], layer: Layer, shapes: ReadonlyMap<string, number[]>): number[] | null {
  const source = layers.find(({ name }) => name === layer.inputs[0]);
  if (source === undefined) return null;
  if (source.kind === 'flatten') return shapes.get(source.inputs[0])!;
  return source.kind === 'dropout' || source.kind === 'relu' || source.kind === 'activation' ? flattenedInto(layers, source, shapes) : null;
}

/** Trained numbers of a network; running statistics are not counted. */
export function parameterCount(network: NetworkSpec): number {
  return parametersOf(network).reduce((sum, { role, shape }) => sum + (role === 'trained' ? product(shape) : 0), 0);
}

/** Multiply-accumulates of one image through convolutions, dense layers and attention, the usual measure of inference cost. */
export function macs(network: NetworkSpec): number {
  const shapes = layerShapes(network);
  const shapeOf = (name: string): number[] => shapes.get(name)!;
  return network.layers.reduce((sum, layer) => sum + (layerType(layer).macs?.(layer, layer.inputs.map(shapeOf), shapeOf(layer.name)) ?? 0), 0);
}

export function hasBatchNorm(network: NetworkSpec): boolean {
  return network.layers.some(({ kind }) => kind === 'batch-norm');
}

/** Does the tensor belong to the layer that a new task replaces? */
export function isHead(network: NetworkSpec, parameter: Parameter): boolean {
  return parameter.layer.name === network.head;
}

/** What model.json says about a network. */
export function modelFile(network: NetworkSpec, classNames: string[], normalization: ModelFile['normalization']): ModelFile {
  const parameters = parametersOf(network).map(({ name, diskShape }) => ({ name, dtype: 'F32' as const, shape: diskShape }));
  return { format: NETWORK_FORMAT, network, classNames, normalization, parameters };
}

export function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function invalid(network: NetworkSpec, layer: Layer, problem: string): StarsseError {
  return new StarsseError('file-invalid', `Network ${network.name}, layer ${layer.name} (${layer.kind}): ${problem}`);
}
