/** Files hold weights in PyTorch's layouts, memory in TensorFlow's: conv OIHW <-> HWIO, dense [out, in] <-> [in, out]. */
import { product, type Parameter } from './network.ts';

/** @param values [out, in, height, width] or [out, in]; of a dense layer after `flatten` the inputs are [channels, height, width] */
export function fromDisk(parameter: Parameter, values: Float32Array): Float32Array {
  const order = axesOf(parameter);
  return order === null ? values : transpose(values, order.diskShape, order.axes);
}

/** @param values in the order of memory */
export function toDisk(parameter: Parameter, values: Float32Array): Float32Array {
  const order = axesOf(parameter);
  if (order === null) return values;
  const memoryShape = order.axes.map((axis) => order.diskShape[axis]);
  return transpose(values, memoryShape, order.axes.map((_, axis) => order.axes.indexOf(axis)));
}

/** Which axis of the file is each axis of memory; null where both are the same. */
function axesOf({ layer, name, diskShape, flattened }: Parameter): { diskShape: number[]; axes: number[] } | null {
  if (!name.endsWith('.weight')) return null;
  if (layer.kind === 'conv') return { diskShape, axes: [2, 3, 1, 0] };
  if (layer.kind !== 'dense') return null;
  if (flattened?.length !== 3) return { diskShape, axes: [1, 0] };
  const [height, width, channels] = flattened;
  return { diskShape: [diskShape[0], channels, height, width], axes: [2, 3, 1, 0] };
}

/** `out[i0, i1, ...] = values[...]` where axis k of `out` is axis `axes[k]` of `values`. */
function transpose(values: Float32Array, shape: number[], axes: number[]): Float32Array {
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  const outShape = axes.map((axis) => shape[axis]);
  const outStrides = axes.map((axis) => strides[axis]);
  const out = new Float32Array(values.length);
  const position = new Array<number>(axes.length).fill(0);
  let source = 0;
  for (let target = 0; target < out.length; target++) {
    out[target] = values[source];
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      source += outStrides[axis];
      if (++position[axis] < outShape[axis]) break;
      source -= outStrides[axis] * outShape[axis];
      position[axis] = 0;
    }
  }
  return out;
}
