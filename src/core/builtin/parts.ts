/** What the built-in networks are made of. Names are the paths of the weights in PyTorch. */
import { IMAGES, type Layer } from '../../protocol/network.ts';

/** The layers of a network, the head last. @param dropPath rate of stochastic depth at the last block */
export type Builder = (classes: number, inputShape: [number, number, number], dropPath: number) => Layer[];

/** A convolution that keeps the size at stride 1. */
export function conv(name: string, input: string, outputs: number, kernel: number, stride: number, { bias = false, groups = 1 } = {}): Layer {
  return { kind: 'conv', name, inputs: [input], outputs, kernel, stride, padding: (kernel - 1) / 2, bias, groups };
}
export function batchNorm(name: string, input: string): Layer {
  return { kind: 'batch-norm', name, inputs: [input], epsilon: 1e-5, momentum: 0.1 };
}
export function relu(name: string, input: string): Layer {
  return { kind: 'relu', name, inputs: [input] };
}
export function relu6(name: string, input: string): Layer {
  return { kind: 'activation', name, inputs: [input], function: 'relu6' };
}
export function add(name: string, input: string, second: string): Layer {
  return { kind: 'add', name, inputs: [input, second] };
}
export function maxPool(name: string, input: string, size: number, stride: number, padding = 0): Layer {
  return { kind: 'max-pool', name, inputs: [input], size, stride, padding };
}
export function globalAveragePool(name: string, input: string): Layer {
  return { kind: 'global-average-pool', name, inputs: [input], keepDims: false };
}
export function flatten(input: string = IMAGES): Layer {
  return { kind: 'flatten', name: 'flatten', inputs: [input] };
}
export function dense(name: string, input: string, outputs: number): Layer {
  return { kind: 'dense', name, inputs: [input], outputs, bias: true };
}
