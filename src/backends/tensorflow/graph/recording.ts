/** What a computation does, op by op, seen at the border between tfjs-node and TensorFlow. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';

export interface RecordedOp {
  name: string;
  attrs: TFEOpAttr[];
  /** Ids of native tensors; each is used once and never again for another. */
  inputs: number[];
  outputs: number[];
}
/** A tensor that was made from numbers while recording. */
export interface RecordedConstant {
  id: number;
  shape: number[];
  /** TensorFlow's number of the type. */
  dtype: number;
  data: Uint8Array;
}
export interface Recording {
  constants: RecordedConstant[];
  ops: RecordedOp[];
  /** Ids of what was given and of what came out. */
  inputs: number[];
  outputs: number[];
}

/**
 * Runs a computation and writes down every op of it. What `run` gives back is disposed.
 * @param run a pure function of `inputs`: everything random or new comes in
 * @throws Error when it reads a tensor's numbers back, and what `run` throws
 */
export function record(backend: NodeJSKernelBackend, inputs: readonly Tensor[], run: () => Tensor[]): Recording {
  const binding = backend.binding;
  const recording: Recording = { constants: [], ops: [], inputs: nativeIds(backend, inputs), outputs: [] };
  backend.binding = recordingBinding(binding, recording);
  try {
    const outputs = run();
    recording.outputs = nativeIds(backend, outputs);
    for (const tensor of new Set(outputs)) tensor.dispose();
    return recording;
  } finally {
    backend.binding = binding;
  }
}

/** tfjs-node hands numbers over with a tensor's first use; this is one. */
export function nativeIds(backend: NodeJSKernelBackend, tensors: readonly Tensor[]): number[] {
  // Protected only by TypeScript.
  return (backend as unknown as { getInputTensorIds(tensors: readonly Tensor[]): number[] }).getInputTensorIds(tensors);
}

/** The binding's own properties cannot be changed, so an object before it has the three that are watched. */
function recordingBinding(binding: TFJSBinding, { ops, constants }: Recording): TFJSBinding {
  const executeOp: TFJSBinding['executeOp'] = (name, attrs, inputs, outputCount) => {
    const outputs = binding.executeOp(name, attrs, inputs, outputCount);
    ops.push({ name, attrs, inputs: [...inputs], outputs: outputs.map(({ id }) => id) });
    return outputs;
  };
  const createTensor: TFJSBinding['createTensor'] = (shape, dtype, values) => {
    const id = binding.createTensor(shape, dtype, values);
    constants.push({ id, shape: [...shape], dtype, data: bytesOf(binding, dtype, values) });
    return id;
  };
  const tensorDataSync: TFJSBinding['tensorDataSync'] = () => {
    throw new Error(`it reads numbers of a tensor${ops.length === 0 ? '' : ` after ${ops[ops.length - 1].name}`}, which a graph cannot`);
  };
  return Object.create(binding, { executeOp: { value: executeOp }, createTensor: { value: createTensor }, tensorDataSync: { value: tensorDataSync } }) as TFJSBinding;
}

function bytesOf(binding: TFJSBinding, dtype: number, values: unknown): Uint8Array {
  if (ArrayBuffer.isView(values)) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
  if (!Array.isArray(values)) throw new Error(`a tensor of ${typeof values} cannot be recorded`);
  const numbers = values as number[];
  if (dtype === binding.TF_FLOAT) return new Uint8Array(Float32Array.from(numbers).buffer);
  if (dtype === binding.TF_INT32) return new Uint8Array(Int32Array.from(numbers).buffer);
  if (dtype === binding.TF_BOOL) return Uint8Array.from(numbers);
  throw new Error(`a tensor of TensorFlow's type ${dtype} cannot be recorded`);
}
