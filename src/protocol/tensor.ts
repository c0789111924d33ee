/** A tensor outside any back end, as a safetensors file holds it; weights have PyTorch's names and layouts. */
export interface TensorData {
  name: string;
  /** safetensors' name of the type: F32, I64, ... */
  dtype: string;
  shape: number[];
  /** Row-major, little-endian. */
  data: Uint8Array;
}

/** The numbers of an F32 tensor, without a copy where the bytes are aligned. */
export function floatsOf({ data }: TensorData): Float32Array {
  const bytes = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

/** An F32 tensor on the memory of `values`. */
export function floatTensor(name: string, shape: number[], values: Float32Array): TensorData {
  return { name, dtype: 'F32', shape, data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}
