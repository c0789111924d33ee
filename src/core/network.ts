/** What follows from a network's description alone: shapes, parameters, costs. Shapes of images are [height, width, channels]. */
import { StarsseError } from '../protocol/errors.ts';
import { IMAGES, NETWORK_FORMAT, type Layer, type ModelFile, type NetworkSpec } from '../protocol/network.ts';

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
  /** Of a dense layer after `flatten`: the [height, width, channels] that were flattened; PyTorch flattens channels first. */
  flattened: number[] | null;
  /** Inputs of one output number; 0 for batch norm. */
  fanIn: number;
}

/** Output shape of every layer without the batch, by name; `images` included. @throws StarsseError file-invalid when layers do not fit */
export function layerShapes(network: NetworkSpec): Map<string, number[]> {
  const shapes = new Map<string, number[]>([[IMAGES, network.inputShape]]);
  for (const layer of network.layers) {
    if (shapes.has(layer.name)) throw invalid(network, layer, 'its name is taken');
    const inputs = layer.inputs.map((input) => {
      const shape = shapes.get(input);
      if (shape === undefined) throw invalid(network, layer, `no layer before it is called ${input}`);
      return shape;
    });
    shapes.set(layer.name, outputShape(network, layer, inputs));
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

function outputShape(network: NetworkSpec, layer: Layer, [shape, second]: number[][]): number[] {
  const wantedRank = layer.kind === 'conv' || layer.kind === 'max-pool' || layer.kind === 'global-average-pool' ? 3 : layer.kind === 'dense' ? 1 : shape.length;
  if (shape.length !== wantedRank) throw invalid(network, layer, `its input is [${shape}], it takes ${wantedRank} dimensions`);
  const slide = (length: number, kernel: number, stride: number, padding: number): number => {
    const steps = Math.floor((length + 2 * padding - kernel) / stride) + 1;
    if (steps < 1) throw invalid(network, layer, `a window of ${kernel} does not fit its input [${shape}]`);
    return steps;
  };
  switch (layer.kind) {
    case 'conv':
      return [...shape.slice(0, 2).map((length) => slide(length, layer.kernel, layer.stride, layer.padding)), layer.outputs];
    case 'max-pool':
      return [...shape.slice(0, 2).map((length) => slide(length, layer.size, layer.stride, 0)), shape[2]];
    case 'global-average-pool':
      return [shape[2]];
    case 'flatten':
      return [product(shape)];
    case 'dense':
      return [layer.outputs];
    case 'add':
      if (shape.join() !== second.join()) throw invalid(network, layer, `it adds [${shape}] and [${second}]`);
      return shape;
    case 'batch-norm':
    case 'relu':
    case 'dropout':
      return shape;
  }
}

/** Every named tensor, in the order of the layers. @throws StarsseError file-invalid when layers do not fit */
export function parametersOf(network: NetworkSpec): Parameter[] {
  const shapes = layerShapes(network);
  return network.layers.flatMap((layer): Parameter[] => {
    const input = shapes.get(layer.inputs[0])!;
    const channels = input[input.length - 1];
    const of = (name: string, shape: number[], diskShape = shape, fanIn = 0, role: Parameter['role'] = 'trained'): Parameter => ({
      name: `${layer.name}.${name}`, layer, role, shape, diskShape, flattened: null, fanIn,
    });
    switch (layer.kind) {
      case 'conv': {
        const { kernel, outputs } = layer;
        const fanIn = kernel * kernel * channels;
        const weight = of('weight', [kernel, kernel, channels, outputs], [outputs, channels, kernel, kernel], fanIn);
        return layer.bias ? [weight, of('bias', [outputs], [outputs], fanIn)] : [weight];
      }
      case 'dense': {
        const source = network.layers.find(({ name }) => name === layer.inputs[0]);
        const flattened = source?.kind === 'flatten' ? shapes.get(source.inputs[0])! : null;
        const weight = { ...of('weight', [channels, layer.outputs], [layer.outputs, channels], channels), flattened };
        return layer.bias ? [weight, of('bias', [layer.outputs], [layer.outputs], channels)] : [weight];
      }
      case 'batch-norm':
        return [
          of('weight', [channels]),
          of('bias', [channels]),
          of('running_mean', [channels], [channels], 0, 'statistic'),
          of('running_var', [channels], [channels], 0, 'statistic'),
        ];
      default:
        return [];
    }
  });
}

/** Trained numbers of a network; running statistics are not counted. */
export function parameterCount(network: NetworkSpec): number {
  return parametersOf(network).reduce((sum, { role, shape }) => sum + (role === 'trained' ? product(shape) : 0), 0);
}

/** Multiply-accumulates of one image through convolutions and dense layers, the usual measure of inference cost. */
export function macs(network: NetworkSpec): number {
  const shapes = layerShapes(network);
  return parametersOf(network)
    .filter(({ name, layer }) => name.endsWith('.weight') && layer.kind !== 'batch-norm')
    .reduce((sum, { layer, fanIn }) => sum + fanIn * product(shapes.get(layer.name)!), 0);
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
