import { getKernel, registerKernel, unregisterKernel, type KernelFunc } from '@tensorflow/tfjs-core';

/** Puts a kernel around a stock one of the back end 'tensorflow', in its place. */
export function replaceKernel(kernelName: string, around: (stock: KernelFunc) => KernelFunc): void {
  const stock = getKernel(kernelName, 'tensorflow');
  unregisterKernel(kernelName, 'tensorflow');
  registerKernel({ ...stock, kernelFunc: around(stock.kernelFunc) });
}
