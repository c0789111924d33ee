/** Tensors of other floating-point types as float32. */
import { floatTensor, type TensorData } from '../../protocol/tensor.ts';

/** The same tensor as F32 where it is F16, BF16 or F64, else as it is. Exact but for F64, which is rounded. */
export function asFloat32(tensor: TensorData): TensorData {
  const convert = CONVERSIONS[tensor.dtype];
  return convert === undefined ? tensor : floatTensor(tensor.name, tensor.shape, convert(tensor.data));
}

const CONVERSIONS: Record<string, (data: Uint8Array) => Float32Array> = {
  F16: (data) => converted(data, 2, (view, at) => fromHalf(view.getUint16(at, true))),
  BF16: (data) => {
    // The upper half of a float32.
    const bits = new Uint32Array(data.byteLength / 2);
    for (let i = 0; i < bits.length; i++) bits[i] = (data[2 * i] | (data[2 * i + 1] << 8)) << 16;
    return new Float32Array(bits.buffer);
  },
  F64: (data) => converted(data, 8, (view, at) => view.getFloat64(at, true)),
};

function converted(data: Uint8Array, bytes: number, read: (view: DataView, at: number) => number): Float32Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Float32Array.from({ length: data.byteLength / bytes }, (_, index) => read(view, bytes * index));
}

/** IEEE 754 binary16: 1 bit sign, 5 bits exponent (bias 15), 10 bits fraction. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
