/**
 * Layers of TensorFlow.js as functions of tensors. Such a layer keeps variables of its own and reads them through
 * `LayerVariable.read()`; here each variable reads what it is told to, and its own memory is freed at once.
 */
import { serialization, type Tensor } from '@tensorflow/tfjs-core';
import { layers as stock } from '@tensorflow/tfjs-layers';
import type { Config } from './config-values.ts';
import { uniqueName } from './names.ts';
import { camelCaseConfig } from './stock-config.ts';

export interface StockWeight {
  /** Its last name in Keras: kernel. A second one of the same name is kernel_2. */
  name: string;
  /** kernel, whichever it is. */
  kerasName: string;
  /** As TensorFlow.js writes it into files: conv1/kernel. */
  fileName: string;
  shape: number[];
  trained: boolean;
}

export interface StockLayer {
  weights: StockWeight[];
  /** Without the batch. */
  outputShape: number[];
  /** @param tensors one a weight, in their order */
  call(inputs: Tensor[], tensors: readonly Tensor[]): Tensor;
}

/** Has TensorFlow.js a layer of this class? */
export function isStockLayer(className: string): boolean {
  const [type] = entryOf(className) ?? [];
  return type?.prototype instanceof stock.Layer;
}

/**
 * @param config plain (`plainConfig`), in Keras' form
 * @param inputShapes without the batch
 * @throws Error of TensorFlow.js where configuration or shapes are not to its liking
 */
export function stockLayer(className: string, config: Config, inputShapes: readonly number[][]): StockLayer {
  const entry = entryOf(className);
  if (entry === undefined || !isStockLayer(className)) throw new Error(`TensorFlow.js has no layer ${className}`);
  const [type, fromConfig] = entry;
  const shapes = inputShapes.map((shape) => [null, ...shape]);
  const shape = shapes.length === 1 ? shapes[0] : shapes;
  const layer = fromConfig(type, camelCaseConfig(config) as serialization.ConfigDict) as unknown as InstanceType<typeof stock.Layer>;
  layer.build(shape);
  layer.built = true;
  const outputShape = layer.computeOutputShape(shape);
  if (outputShape.some((length) => Array.isArray(length))) throw new Error('it has more than one output');
  let current: readonly Tensor[] = [];
  const taken = new Set<string>();
  const weights = layer.weights.map((variable, index): StockWeight => {
    variable.dispose();
    variable.read = () => current[index];
    const kerasName = variable.originalName.split('/').at(-1)!;
    return { name: uniqueName(kerasName, taken), kerasName, fileName: variable.originalName, shape: variable.shape as number[], trained: layer.trainableWeights.includes(variable) };
  });
  return {
    weights,
    outputShape: (outputShape as (number | null)[]).slice(1).map((length) => length ?? 0),
    call(inputs, tensors) {
      current = tensors;
      try {
        const output = layer.call(inputs.length === 1 ? inputs[0] : inputs, { training: false });
        return Array.isArray(output) ? output[0] : output;
      } finally {
        current = [];
      }
    },
  };
}

function entryOf(className: string): [serialization.SerializableConstructor<serialization.Serializable>, serialization.FromConfigMethod<serialization.Serializable>] | undefined {
  const { classNameMap } = serialization.SerializationMap.getMap();
  return Object.hasOwn(classNameMap, className) ? classNameMap[className] : undefined;
}
