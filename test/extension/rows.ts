/** Rows as a trainer writes them, for tests of what happens to them. */
import type { EpochRow, StepRow } from '../../src/protocol/rows.ts';

export function stepRow(step: number, loss = 1): StepRow {
  return { kind: 'step', step, epoch: Math.floor((step - 1) / 10), loss, accuracy: 0.5, learningRate: 0.1, wallMs: step };
}

export function epochRow(epoch: number, validationAccuracy = 0.5): EpochRow {
  const step = (epoch + 1) * 10;
  return { kind: 'epoch', step, epoch, trainLoss: 1, validationLoss: 1, validationAccuracy, imagesPerSecond: 100, wallMs: step };
}
