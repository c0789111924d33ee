/** Which classes of Keras have a kind here. A class that is not in the table, or whose conversion gives null, is computed by TensorFlow.js' own layer. */
import { activation, relu, softmax } from './activation-layers.ts';
import type { Conversion } from './conversion.ts';
import { conv2d, depthwiseConv2d, zeroPadding2d } from './convolution-layers.ts';
import { dense, dropout, flatten, identity, reshape } from './core-layers.ts';
import { add, concatenate, multiply } from './merge-layers.ts';
import { batchNormalization, layerNormalization, normalization, rescaling } from './normalization-layers.ts';
import { averagePooling2d, globalAveragePooling2d, maxPooling2d } from './pooling-layers.ts';

export const CONVERSIONS: Readonly<Record<string, Conversion>> = Object.assign(Object.create(null) as Record<string, Conversion>, {
  Activation: activation,
  ActivityRegularization: identity,
  Add: add,
  AveragePooling2D: averagePooling2d,
  BatchNormalization: batchNormalization,
  Concatenate: concatenate,
  Conv2D: conv2d,
  Dense: dense,
  DepthwiseConv2D: depthwiseConv2d,
  Dropout: dropout,
  Flatten: flatten,
  GlobalAveragePooling2D: globalAveragePooling2d,
  Identity: identity,
  LayerNormalization: layerNormalization,
  MaxPooling2D: maxPooling2d,
  Multiply: multiply,
  Normalization: normalization,
  ReLU: relu,
  Rescaling: rescaling,
  Reshape: reshape,
  Softmax: softmax,
  ZeroPadding2D: zeroPadding2d,
});
