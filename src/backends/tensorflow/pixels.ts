/** The kernels of core/pixels.ts on native TensorFlow, which has a type for bytes that TensorFlow.js does not know. */
import { add, mul, registerKernel, tensor1d, tidy, type NamedTensorInfoMap, type Tensor } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import type { ByteScaling, Pixels } from '../../core/pixels.ts';
import { adopt } from './graph/adopt.ts';

/** Registers UploadBytes and NormalizeBytes. */
export function registerTensorflowPixels(): void {
  registerKernel({ kernelName: 'UploadBytes', backendName: 'tensorflow', kernelFunc: ({ attrs, backend }) => uploadBytes(backend as NodeJSKernelBackend, attrs as unknown as Pixels) });
  registerKernel({
    kernelName: 'NormalizeBytes',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs, backend }) => normalizeBytes(backend as NodeJSKernelBackend, inputs, attrs as unknown as ByteScaling),
  });
}

function uploadBytes(backend: NodeJSKernelBackend, { data, shape }: Pixels): Tensor {
  const { binding } = backend;
  return adopt(backend, { id: binding.createTensor(shape, binding.TF_UINT8, data as Uint8Array), shape, dtype: binding.TF_UINT8 });
}

function normalizeBytes(backend: NodeJSKernelBackend, { bytes }: NamedTensorInfoMap, { scale, offset }: ByteScaling): Tensor {
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_UINT8, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: 'SrcT', type: TF_ATTR_TYPE, value: TF_UINT8 },
    { name: 'DstT', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'Truncate', type: TF_ATTR_BOOL, value: false },
  ];
  return tidy(() => add(mul(backend.executeSingleOutput('Cast', attributes, [bytes as Tensor]), tensor1d(scale)), tensor1d(offset)));
}
