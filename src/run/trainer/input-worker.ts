/** A thread beside the trainer that reads and augments batches while the trainer computes. It has no TensorFlow.js. */
import { parentPort, workerData } from 'node:worker_threads';
import { inputInProcess } from '../../core/input.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { openDataset } from './data/open-dataset.ts';
import type { BatchAnswer, BatchRequest, ThreadStart } from './input/lines.ts';

const { source, settings } = workerData as ThreadStart;
const input = inputInProcess(openDataset(source), settings);
const port = parentPort!;

port.on('message', ({ id, epoch, positions }: BatchRequest) => {
  void input.batch(epoch, positions).then(
    ({ images, targets, share }) => port.postMessage({ id, batch: { images, targets, share } } satisfies BatchAnswer, [images.data.buffer as ArrayBuffer, targets.buffer as ArrayBuffer]),
    (error: unknown) => port.postMessage({ id, error: StarsseError.from(error).toJSON() } satisfies BatchAnswer),
  );
});
