/** Tensors in the shards of a TensorFlow.js model, plain or quantised (value = stored x scale + min). */
import type { KerasTensor } from '../../../core/keras/keras-weights.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { ShardWeight } from './tfjs-model.ts';

const BYTES: Record<string, number> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2, complex64: 8 };

/** @throws StarsseError file-invalid for types whose size is not in the manifest */
export function diskBytes({ name, shape, dtype, quantization }: ShardWeight, what: string): number {
  const stored = quantization?.dtype ?? dtype;
  if (!Object.hasOwn(BYTES, stored)) throw new StarsseError('file-invalid', `${what}: the weights ${name} are of the type ${stored}`, { hint: `Known are ${Object.keys(BYTES).join(', ')}.` });
  return shape.reduce((a, b) => a * b, BYTES[stored]);
}

/** @throws StarsseError file-invalid for numbers that are no float32 */
export function tensorOfShard({ name, shape, dtype, quantization }: ShardWeight, bytes: Uint8Array, what: string): KerasTensor {
  if (dtype !== 'float32') throw new StarsseError('file-invalid', `${what}: the weights ${name} are ${dtype}, not float32`);
  // A copy of its own, aligned for any typed array.
  const { buffer } = bytes.slice();
  if (quantization === undefined) return { shape, values: new Float32Array(buffer) };
  const { dtype: stored, scale, min } = quantization;
  if (stored === 'float16') return { shape, values: float16s(new Uint16Array(buffer)) };
  if ((stored !== 'uint8' && stored !== 'uint16') || scale === undefined || min === undefined) {
    throw new StarsseError('file-invalid', `${what}: the weights ${name} are quantised as ${stored}${scale === undefined || min === undefined ? ' without scale and min' : ''}`, { hint: 'Known are float16, and uint8 and uint16 with scale and min.' });
  }
  const numbers = stored === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
  return { shape, values: Float32Array.from(numbers, (number) => number * scale + min) };
}

/** IEEE 754 half precision: sign, 5 bits of exponent, 10 of fraction. */
function float16s(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (half) => {
    const sign = half >> 15 === 0 ? 1 : -1;
    const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * 2 ** -14 * (fraction / 1024) : sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
  });
}
