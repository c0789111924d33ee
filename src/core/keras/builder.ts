/** A network of ours in the making: layers are added in order of computation, and the values of their tensors with them. */
import { StarsseError } from '../../protocol/errors.ts';
import { IMAGES, type Layer, type NetworkSpec } from '../../protocol/network.ts';
import { floatTensor, type TensorData } from '../../protocol/tensor.ts';
import { toDisk } from '../layout.ts';
import { layerType } from '../layers/layer-types.ts';
import { parametersOf } from '../network.ts';
import type { KerasTensor, KerasWeights } from './keras-weights.ts';
import { uniqueName } from './names.ts';
import type { KerasNode } from './topology.ts';

export class Builder {
  readonly layers: Layer[] = [];
  readonly #shapes = new Map<string, number[]>();
  readonly #names = new Set<string>([IMAGES]);
  readonly #values = new Map<string, Float32Array>();
  readonly #weights: KerasWeights;
  readonly what: string;

  /** @param nodeNames names of layers to come, which extra layers must not take */
  constructor(inputShape: number[], nodeNames: Iterable<string>, weights: KerasWeights, what: string) {
    this.#shapes.set(IMAGES, inputShape);
    for (const name of nodeNames) this.#names.add(name);
    this.#weights = weights;
    this.what = what;
  }

  /** Without the batch. */
  shape(name: string): number[] {
    const shape = this.#shapes.get(name);
    if (shape === undefined) throw new StarsseError('internal', `${this.what}: no layer is called ${name}`);
    return shape;
  }

  /** Adds a layer. @returns its name @throws StarsseError file-invalid where its inputs do not fit */
  add(layer: Layer): string {
    try {
      this.#shapes.set(layer.name, layerType(layer).outputShape(layer, layer.inputs.map((input) => this.shape(input))));
    } catch (cause) {
      throw cause instanceof StarsseError ? new StarsseError(cause.code, `${this.what}: layer ${layer.name}: ${cause.message}`, { cause }) : cause;
    }
    this.layers.push(layer);
    return layer.name;
  }

  /** A name for a layer that Keras has no name for: the activation of a convolution, its padding. */
  nameBeside(name: string, part: string): string {
    return uniqueName(`${name}/${part}`, this.#names);
  }

  /** The node's variables. @throws StarsseError mismatch; file-invalid for a second call of a layer with weights */
  variables(node: KerasNode, names: readonly string[], shapes: readonly number[][]): KerasTensor[] {
    if (node.call > 0) throw new StarsseError('file-invalid', `${this.what}: ${node.className} "${node.path.join('/')}": it is called more than once, and its weights would be shared, which is not supported`);
    return this.#weights.of(node, names, shapes);
  }

  /** Values of a tensor of ours, in the layout of memory, which is TensorFlow's. */
  give(name: string, values: Float32Array): void {
    this.#values.set(name, values);
  }

  /** @throws StarsseError file-invalid when the whole is no classifier */
  finish(network: NetworkSpec): { network: NetworkSpec; tensors: TensorData[] } {
    const tensors = parametersOf(network).flatMap((parameter) => {
      const values = this.#values.get(parameter.name);
      return values === undefined ? [] : [floatTensor(parameter.name, parameter.diskShape, toDisk(parameter, values))];
    });
    return { network, tensors };
  }
}
