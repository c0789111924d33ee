import * as tf from '@tensorflow/tfjs';

/** The same ResNet-8 of TensorFlow.js layers, trained by `trainOnBatch` with the momentum optimizer. */
export function stockStep(batch: number): { weights: number; step(): Promise<void> } {
  const images = tf.input({ shape: [32, 32, 3] });
  let x = relu(normalised(images, 16, 3, 1));
  for (const [stage, filters] of [16, 32, 64].entries()) {
    const strides = stage === 0 ? 1 : 2;
    const inner = normalised(relu(normalised(x, filters, 3, strides)), filters, 3, 1);
    const shortcut = strides === 1 ? x : normalised(x, filters, 1, strides);
    x = relu(tf.layers.add().apply([inner, shortcut]) as tf.SymbolicTensor);
  }
  const pooled = tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }).apply(x) as tf.SymbolicTensor;
  const model = tf.model({ inputs: images, outputs: tf.layers.dense({ units: 10, activation: 'softmax' }).apply(pooled) as tf.SymbolicTensor });
  model.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: 'categoricalCrossentropy' });
  const values = tf.randomNormal([batch, 32, 32, 3], 0, 1, 'float32', 1);
  const labels = tf.oneHot(tf.range(0, batch, 1, 'int32').mod(tf.scalar(10, 'int32')), 10);
  return {
    weights: model.trainableWeights.reduce((sum, { shape }) => sum + shape.reduce<number>((a, b) => a * (b ?? 1), 1), 0),
    async step() {
      await model.trainOnBatch(values, labels);
    },
  };
}

function normalised(input: tf.SymbolicTensor, filters: number, kernelSize: number, strides: number): tf.SymbolicTensor {
  const convolved = tf.layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false }).apply(input) as tf.SymbolicTensor;
  return tf.layers.batchNormalization({ epsilon: 1e-5, momentum: 0.9 }).apply(convolved) as tf.SymbolicTensor;
}

function relu(input: tf.SymbolicTensor): tf.SymbolicTensor {
  return tf.layers.activation({ activation: 'relu' }).apply(input) as tf.SymbolicTensor;
}
