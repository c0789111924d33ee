/** The kernels of core/pixels.ts for back ends whose tensors of type bool hold a byte a number (`cpu`, `wasm`): that is how bytes are kept. */
import { getKernel, registerKernel, tensor, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { ByteScaling, Pixels } from '../core/pixels.ts';

/** Registers UploadBytes and NormalizeBytes where the back end has none; a second call changes nothing. */
export function registerComposedPixels(backendName: string): void {
  if (getKernel('UploadBytes', backendName)) return;
  registerKernel({ kernelName: 'UploadBytes', backendName, kernelFunc: ({ attrs }) => bytesAsBooleans(attrs as unknown as Pixels) });
  registerKernel({
    kernelName: 'NormalizeBytes',
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const scaling = attrs as unknown as ByteScaling;
      const bytes = (inputs.bytes as Tensor).dataSync<'bool'>();
      const numbers = new Float32Array(bytes.length);
      scaleBytes(bytes, numbers, scaling);
      return tensor(numbers, scaling.shape);
    },
  });
}

/** What TensorFlow.js takes for booleans it passes on as it is. */
export function bytesAsBooleans({ data, shape }: Pixels): TensorInfo {
  return tensor(data, shape, 'bool');
}

/** y = scale byte + offset by channel, channels last. */
export function scaleBytes(bytes: Uint8Array, y: Float32Array, { scale, offset }: Pick<ByteScaling, 'scale' | 'offset'>): void {
  const channels = scale.length;
  for (let channel = 0; channel < channels; channel++) {
    const [factor, term] = [scale[channel], offset[channel]];
    for (let index = channel; index < bytes.length; index += channels) y[index] = factor * bytes[index] + term;
  }
}
