/** `training-program.ts <threads>`: trains twice in this process and prints a fingerprint of each result. */
import { createHash } from 'node:crypto';
import { startTensorflow } from '../../src/backends/tensorflow/start.ts';
import { trainedState } from './training.ts';

await startTensorflow({ threads: Number(process.argv[2]), sideBySide: true });
const fingerprints: string[] = [];
for (let time = 0; time < 2; time++) {
  const hash = createHash('sha256');
  for (const { name, data } of await trainedState({ steps: 25, batch: 32, side: 16 })) hash.update(name).update(data);
  fingerprints.push(hash.digest('hex'));
}
console.log(JSON.stringify(fingerprints));
