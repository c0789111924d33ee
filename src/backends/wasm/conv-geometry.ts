import { backend_util } from '@tensorflow/tfjs-core';
import { StarsseError } from '../../protocol/errors.ts';
import type { Images, Sliding } from './product.ts';

/** The attributes TensorFlow.js gives to its convolution and pooling gradients. */
export interface ConvAttrs {
  strides: number | [number, number];
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat?: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  dilations?: number | [number, number];
}

/**
 * Sizes, strides and padding of a convolution of x [n, h, w, c]; what its gradients go by.
 * @throws StarsseError for channels-first images and for dilation, which no gradient here knows.
 */
export function convGeometry(inputShape: number[], filterShape: number[], attrs: ConvAttrs, depthwise: boolean): backend_util.Conv2DInfo {
  const dataFormat = backend_util.convertConv2DDataFormat(attrs.dataFormat ?? 'NHWC');
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number], filterShape as [number, number, number, number],
    attrs.strides, attrs.dilations ?? 1, attrs.pad, attrs.dimRoundingMode, depthwise, dataFormat,
  );
  if (info.dataFormat !== 'channelsLast' || info.dilationHeight !== 1 || info.dilationWidth !== 1) {
    throw new StarsseError('backend-failed', `WASM has no gradient of a convolution with layout ${info.dataFormat} and dilation ${info.dilationHeight}x${info.dilationWidth}`, {
      hint: 'Use channels-last images and dilation 1, or the back end "tensorflow".',
    });
  }
  return info;
}

/** The attributes of a convolution without stride that pads each side as told. */
export function paddedConvAttrs(vertical: [number, number], horizontal: [number, number], dilations: [number, number] = [1, 1]): Record<string, number | number[] | number[][] | string> {
  return { strides: [1, 1], pad: [[0, 0], vertical, horizontal, [0, 0]], dataFormat: 'NHWC', dilations };
}

/** The images x [n, h, w, c] at this address, with the zeros that the convolution pads them with. */
export function inputImages(address: number, info: backend_util.Conv2DInfo): Images {
  const { batchSize, inHeight, inWidth, inChannels, padInfo, filterHeight, filterWidth } = info;
  // No window reads what is behind the last one's end.
  const read = (windows: number, stride: number, filter: number): number => (windows - 1) * stride + filter;
  const below = read(info.outHeight, info.strideHeight, filterHeight) - padInfo.top - inHeight;
  const right = read(info.outWidth, info.strideWidth, filterWidth) - padInfo.left - inWidth;
  return {
    address, count: batchSize, channels: inChannels,
    imageBytes: 4 * inHeight * inWidth * inChannels,
    rowBytes: 4 * inWidth * inChannels,
    rows: inHeight, columns: inWidth,
    vertical: [padInfo.top, Math.max(0, below)],
    horizontal: [padInfo.left, Math.max(0, right)],
  };
}

export function slidingOf(info: backend_util.Conv2DInfo): Sliding {
  return { kernel: [info.filterHeight, info.filterWidth], strides: [info.strideHeight, info.strideWidth], windows: [info.outHeight, info.outWidth] };
}
