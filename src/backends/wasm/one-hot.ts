import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { callKernel, dispose, type KernelCall } from './heap.ts';

interface OneHotAttrs {
  depth: number;
  onValue: number;
  offValue: number;
  dtype: string;
}

/** The stock kernel writes integers, whatever type was asked for; here they are made into that type. */
export function oneHotOfItsType(stock: KernelFunc): (call: KernelCall<{ indices: TensorInfo }, OneHotAttrs>) => TensorInfo {
  return ({ inputs, attrs, backend }) => {
    const integers = stock({ inputs, attrs: { ...attrs, dtype: 'int32' }, backend }) as TensorInfo;
    if (attrs.dtype === 'int32') return integers;
    const result = callKernel(backend, 'Cast', { x: integers }, { dtype: attrs.dtype });
    dispose(backend, integers);
    return result;
  };
}
