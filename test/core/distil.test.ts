import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asSeen, distilledInput, storedTeacher, teacherProbabilities } from '../../src/core/distil.ts';
import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../src/core/input.ts';
import { byConfidence, byEntropy, byMutualInformation } from '../../src/core/unknown.ts';
import { mixedOnDevice, normalised } from '../../src/core/pixels.ts';
import './cpu-backend.ts';
import { meanCorruptionError } from '../../src/core/corruptions/mean-error.ts';
import type { Predictions } from '../../src/core/metrics.ts';
import { MAIN_CORRUPTIONS, SEVERITIES, type CorruptionCell } from '../../src/protocol/robustness.ts';

const PLAIN = { mean: [0], std: [1] };
const input: Input = {
  batch: (epoch, positions) => Promise.resolve({ images: { shape: [positions.length, 1, 1, 1], data: Uint8Array.from(positions, (position) => 10 * epoch + position) }, targets: new Float32Array(2 * positions.length).fill(0.5), share: 1 }),
  ahead: 3,
  close: () => Promise.resolve(),
};

test('a distilled input has the same images and the teacher\'s probabilities of each of them', async () => {
  const stored = distilledInput(input, storedTeacher(Float32Array.of(0.25, 0.75, 1, 0, 0.5, 0.5), 2), PLAIN);
  const { images, targets } = await stored.batch(1, Uint32Array.of(2, 0));
  assert.deepEqual([...images.data], [12, 10]);
  assert.deepEqual([...targets], [0.5, 0.5, 0.25, 0.75]);
  assert.equal(stored.ahead, 3);
  const live = distilledInput(input, ({ data }, positions) => Promise.resolve(Float32Array.from({ length: 2 * positions.length }, (_, place) => data[place >> 1] / 100)), PLAIN);
  assert.deepEqual([...(await live.batch(2, Uint32Array.of(5))).targets], [0.25, 0.25].map(Math.fround));
});

test('the teacher sees what mixup makes of a batch, as the student does on the device', async () => {
  const normalization = { mean: [0.5, 0.25], std: [0.5, 0.1] };
  const images = { shape: [3, 1, 2, 2] as [number, number, number, number], data: Uint8Array.from({ length: 12 }, (_, index) => 20 * index) };
  assert.equal(asSeen({ images, share: 1 }, normalization), images);
  const expected = tf.tidy(() => mixedOnDevice(normalised(images, normalization), tf.scalar(0.3)).dataSync());
  for (const data of [images.data, tf.tidy(() => normalised(images, normalization).dataSync() as Float32Array)]) {
    const mixed = asSeen({ images: { ...images, data }, share: 0.3 }, normalization);
    assert.ok(mixed.data.every((value, index) => Math.abs(value - expected[index]) < 1e-6));
  }
  assert.ok(Math.abs(expected[0] - expected[8]) > 0.1);
});

test('logits become probabilities, probabilities stay', () => {
  const output = Float32Array.of(0, Math.log(3));
  assert.equal(teacherProbabilities(output, 2, 'probabilities'), output);
  assert.deepEqual(Array.from(teacherProbabilities(output, 2, 'logits'), (p) => Math.round(1e6 * p) / 1e6), [0.25, 0.75]);
});

const of = (rows: number[][]): Predictions => ({ logits: Float64Array.from(rows.flat(), Math.log), labels: new Int32Array(rows.length), classes: rows[0].length });

test('unknown images by hand: less confident, of more entropy, and where members differ', () => {
  const known = of([[0.9, 0.1], [0.8, 0.2]]);
  const unknown = of([[0.6, 0.4], [0.85, 0.15]]);
  // Pairs (known, unknown) in which the unknown one is less sure: 3 of 4.
  assert.equal(byConfidence(known, unknown).auroc, 0.75);
  assert.equal(byEntropy(known, unknown).auroc, 0.75);
  // To accept both known ones the threshold is 0.8, which the second unknown one passes.
  assert.equal(byConfidence(known, unknown).fpr95, 0.5);
  const agreed = byMutualInformation([known, known], [of([[0.9, 0.1], [0.1, 0.9]]), of([[0.1, 0.9], [0.9, 0.1]])]);
  assert.deepEqual(agreed, { auroc: 1, aupr: 1, fpr95: 0 });
});

test('the mean corruption error by hand; null until all 75 cells are there', () => {
  const cells: CorruptionCell[] = MAIN_CORRUPTIONS.flatMap((corruption, place) => SEVERITIES.map((severity) => ({
    corruption, severity, rows: { one: { error: 0.1 * severity, nll: 1 }, other: { error: 0.05 * severity * (place === 0 ? 4 : 1), nll: 1 } },
  })));
  const { meanError, relative } = meanCorruptionError(cells, 'one', 'other');
  assert.ok(Math.abs(meanError! - 0.3) < 1e-12);
  assert.ok(Math.abs(relative! - (14 * 2 + 0.5) / 15) < 1e-12);
  assert.deepEqual(meanCorruptionError(cells.slice(1), 'one', 'other'), { meanError: null, relative: null });
  assert.deepEqual(meanCorruptionError(cells, 'third', 'other'), { meanError: null, relative: null });
});
