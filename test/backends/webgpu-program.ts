/** `webgpu-program.ts <scene>`: plays one scene on a software GPU and prints the outcome as JSON. Dawn reads its driver from the environment. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { registerComposedKernels } from '../../src/backends/composed.ts';
import { startWebgpu } from '../../src/backends/webgpu/start.ts';
import { normalised, upload } from '../../src/core/pixels.ts';
import { StarsseError } from '../../src/protocol/errors.ts';
import { assertGradients } from '../core/transformer-gradients.ts';
import { furthest, startTraining, train, type SmallNetwork } from './small-training.ts';
import { normalisedByHand, somePixels } from './some-pixels.ts';

const SCENES: Record<string, () => Promise<unknown>> = {
  /** Without leave to use a software driver. */
  refused: () => startWebgpu({}),
  device: () => startWebgpu({ allowSoftware: true }),
  'small-cnn': () => compareTraining('small-cnn', [12, 12, 1]),
  'resnet-8': () => compareTraining('resnet-8', [8, 8, 3]),
  mixed: () => compareTraining('mixed', [7, 6, 4]),
  'vit-mini': () => compareTraining('vit-mini', [8, 8, 1]),
  'swin-gradients': async () => {
    await startWebgpu({ allowSoftware: true });
    await assertGradients('swin');
    return 'equal';
  },
  pixels: normalisePixels,
  'over-limit': async () => {
    await startWebgpu({ allowSoftware: true });
    const { device } = tf.backend() as WebGPUBackend;
    const row = tf.fill([1, 1024], 1);
    const rows = Math.ceil(device.limits.maxStorageBufferBindingSize / 4096) + 1;
    tf.tile(row, [rows, 1]);
    return 'not reached';
  },
  'validation-error': async () => {
    await startWebgpu({ allowSoftware: true });
    const x = tf.fill([2000], 1);
    const y = tf.add(x, 1);
    const { device } = tf.backend() as WebGPUBackend;
    device.createShaderModule({ code: 'this is no shader' });
    const errors: unknown[] = [];
    for (const operation of [async () => tf.add(x, 2), () => y.data(), () => startTraining('linear', [40, 40, 1], 4, 0.1).step()]) {
      await operation().catch((error: unknown) => errors.push(StarsseError.from(error)));
    }
    return errors;
  },
  'lost-device': async () => {
    await startWebgpu({ allowSoftware: true });
    const y = tf.add(tf.fill([2000], 1), 1);
    const { device } = tf.backend() as WebGPUBackend;
    device.destroy();
    await device.lost;
    return Array.from(await y.data());
  },
  'sync-read': async () => {
    await startWebgpu({ allowSoftware: true });
    return tf.add(tf.fill([2000], 1), 1).dataSync()[0];
  },
};

/** Sizes that fill the last word of four bytes and that do not, and one of more threads than go in a row. */
async function normalisePixels(): Promise<unknown> {
  await startWebgpu({ allowSoftware: true });
  const normalization = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
  const held = (): object => ({ tensors: tf.memory().numTensors, bytes: (tf.backend() as WebGPUBackend).bufferManager.numBytesUsed });
  const before = held();
  let worst = 0;
  for (const shape of [[3, 5, 7, 3], [4, 32, 32, 3], [1, 1, 1, 3], [9, 400, 400, 3]] as const) {
    const pixels = somePixels([...shape]);
    const seen = normalised(pixels, normalization);
    const expected = normalisedByHand(pixels, normalization);
    for (const [index, value] of (await seen.data()).entries()) worst = Math.max(worst, Math.abs(value - expected[index]));
    seen.dispose();
  }
  const uploaded = upload(somePixels([2, 3, 3, 3])); // 54 bytes
  const crossed = uploaded.size * 4;
  uploaded.dispose();
  return { worst, crossed, before, after: held() };
}

async function compareTraining(name: SmallNetwork, inputShape: [number, number, number]): Promise<unknown> {
  await startWebgpu({ allowSoftware: true });
  registerComposedKernels('cpu');
  const held = (): object => ({ tensors: tf.memory().numTensors, bytes: (tf.backend() as WebGPUBackend).bufferManager.numBytesUsed });
  const before = held();
  const webgpu = await train('webgpu', name, inputShape, 3);
  const after = held();
  const cpu = await train('cpu', name, inputShape, 3);
  return { ...furthest(cpu.weights, webgpu.weights), losses: webgpu.losses, cpuLosses: cpu.losses, before, after };
}

try {
  console.log(JSON.stringify({ result: await SCENES[process.argv[2]]() }));
} catch (error) {
  console.log(JSON.stringify({ error: StarsseError.from(error) }));
}
