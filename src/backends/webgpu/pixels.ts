/** The kernels of core/pixels.ts on WebGPU, whose smallest number has four bytes: bytes cross packed by fours and are taken apart on the device. */
import { getKernel, registerKernel, tensor1d, tidy, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { ByteScaling, Pixels } from '../../core/pixels.ts';

type WebGPUProgram = Parameters<WebGPUBackend['runWebGPUProgram']>[0];

const THREADS = 64;

/** Registers UploadBytes and NormalizeBytes; a second call changes nothing. */
export function registerWebgpuPixels(): void {
  if (getKernel('UploadBytes', 'webgpu')) return;
  registerKernel({ kernelName: 'UploadBytes', backendName: 'webgpu', kernelFunc: ({ attrs }) => packed((attrs as unknown as Pixels).data) });
  registerKernel({
    kernelName: 'NormalizeBytes',
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend }) => normalize(backend as WebGPUBackend, inputs.bytes!, attrs as unknown as ByteScaling),
  });
}

/** Words of four bytes, the first byte lowest, [bytes / 4 rounded up]. */
function packed(data: Pixels['data']): Tensor {
  const words = new Int32Array(Math.ceil(data.length / 4));
  new Uint8Array(words.buffer).set(data);
  return tensor1d(words, 'int32');
}

function normalize(backend: WebGPUBackend, bytes: TensorInfo, { shape, scale, offset }: ByteScaling): TensorInfo {
  return tidy(() => backend.runWebGPUProgram(unpacking(shape), [bytes, tensor1d(scale), tensor1d(offset)], 'float32') as Tensor);
}

/** A thread makes a number: its byte out of its word, times its channel's scale, plus its offset. */
function unpacking(shape: number[]): WebGPUProgram {
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    variableNames: ['Words', 'Scale', 'Offset'],
    outputShape: shape,
    workgroupSize: [THREADS, 1, 1],
    dispatchLayout: { x: shape.map((_, axis) => axis) },
    dispatch: [Math.ceil(size / THREADS), 1, 1],
    size: true,
    shaderKey: 'starsse-normalize-bytes',
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          let word = bitcast<u32>(Words[index / 4]); // getWords would make a float of it
          let byte = (word >> (8u * (u32(index) % 4u))) & 255u;
          let channel = index % uniforms.scaleShape;
          setOutputAtIndex(index, f32(byte) * getScale(channel) + getOffset(channel));
        }
      }
    `,
  };
}
