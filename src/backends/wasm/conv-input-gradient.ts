import type { TensorInfo } from '@tensorflow/tfjs-core';
import { convGeometry, type ConvAttrs } from './conv-geometry.ts';
import { phasesOf } from './conv-phases.ts';
import { addressOf, allocate, floats, roundUp, withScratch, type KernelCall } from './heap.ts';
import { slideOver } from './product.ts';
import { simd } from './simd.ts';

/** Gradient of a convolution with respect to its input: for each phase (conv-phases.ts) a convolution of dy that writes to every stride-th position of dx. */
export function conv2DBackpropInput(
  { inputs: { dy, filter }, attrs, backend }: KernelCall<{ dy: TensorInfo; filter: TensorInfo }, ConvAttrs & { inputShape: number[] }>,
): TensorInfo {
  const info = convGeometry(attrs.inputShape, filter.shape, attrs, false);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterWidth } = info;
  const dx = allocate(backend, info.inShape);
  const { rows, columns } = phasesOf(info);
  const covered = rows.reduce((sum, { count }) => sum + count, 0) === inHeight && columns.reduce((sum, { count }) => sum + count, 0) === inWidth;
  if (!covered) floats(backend, dx).fill(0);
  const pixelBytes = 4 * inChannels;
  for (const vertical of rows) {
    for (const horizontal of columns) {
      const taps = vertical.taps.flatMap((i) => horizontal.taps.map((j) => i * filterWidth + j));
      const panelBytes = 32 * outChannels * taps.length;
      withScratch(backend, [panelBytes * (roundUp(inChannels, 8) / 8)], (panels) => {
        for (const [place, tap] of taps.entries()) {
          simd().packColumns(addressOf(backend, filter) + 4 * tap * inChannels * outChannels, 4 * outChannels, outChannels, inChannels, panels + 32 * outChannels * place, panelBytes);
        }
        const images = {
          address: addressOf(backend, dy) + 4 * outChannels * (vertical.from * outWidth + horizontal.from),
          imageBytes: 4 * outChannels * outHeight * outWidth,
          rowBytes: 4 * outChannels * outWidth,
          count: batchSize, rows: vertical.to - vertical.from, columns: horizontal.to - horizontal.from, channels: outChannels,
          vertical: vertical.padding, horizontal: horizontal.padding,
        };
        slideOver(backend, images, { kernel: [vertical.taps.length, horizontal.taps.length], strides: [1, 1], windows: [vertical.count, horizontal.count] }, panels, inChannels, {
          address: addressOf(backend, dx) + pixelBytes * (vertical.first * inWidth + horizontal.first),
          imageBytes: pixelBytes * inHeight * inWidth,
          rowBytes: pixelBytes * inWidth * info.strideHeight,
          pixelBytes: pixelBytes * info.strideWidth,
        });
      });
    }
  }
  return dx;
}
