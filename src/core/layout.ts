/** Files hold weights in PyTorch's layouts, memory in TensorFlow's: conv OIHW <-> HWIO, dense [out, in] <-> [in, out]. */
import { product, type Parameter } from './network.ts';

/** @param values in the order of the file, `parameter.diskShape` */
export function fromDisk({ order }: Parameter, values: Float32Array): Float32Array {
  return order === null ? values : transpose(values, order.shape, order.axes);
}

/** @param values in the order of memory, `parameter.shape` */
export function toDisk({ order }: Parameter, values: Float32Array): Float32Array {
  if (order === null) return values;
  const memoryShape = order.axes.map((axis) => order.shape[axis]);
  return transpose(values, memoryShape, order.axes.map((_, axis) => order.axes.indexOf(axis)));
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
