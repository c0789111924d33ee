/** Snapshots and predictions of a run, in files. */
import { rm } from 'node:fs/promises';
import type { Predictions } from '../../core/metrics.ts';
import { StarsseError } from '../../protocol/errors.ts';
import type { Run } from '../../protocol/run.ts';
import { floatsOf, floatTensor, type TensorData } from '../../protocol/tensor.ts';
import { runFiles } from '../folder.ts';
import { readSafetensors, writeSafetensors } from '../safetensors-file.ts';

export interface SnapshotOrigin {
  name: string;
  /** Members it is made of; of a member what it starts from. */
  parents: string[];
  /** How a soup was averaged; null for a member. */
  rule: string | null;
  metrics: Record<string, number>;
  /** Of a soup: the shares of its parents and other settings of its rule, as its header tells them. */
  details?: Record<string, string>;
}

/** Writes a network's weights. The metadata holds no time, so that equal networks of a run are equal files. @throws StarsseError disk */
export async function writeSnapshot(folder: string, { id, plan }: Run, tensors: TensorData[], { name, parents, rule, metrics, details = {} }: SnapshotOrigin): Promise<void> {
  await writeSafetensors(runFiles.snapshot(folder, name), tensors, {
    format: 'pt', // names and layouts are PyTorch's; its loaders look for this
    run: id,
    name,
    parents: parents.join(','),
    method: plan.method.kind,
    ...(rule === null ? {} : { rule }),
    ...details,
    metrics: JSON.stringify(metrics),
  });
}

/** @throws StarsseError file-missing, file-invalid */
export async function readSnapshot(folder: string, name: string): Promise<TensorData[]> {
  return (await readSafetensors(runFiles.snapshot(folder, name))).tensors;
}

/** F32 `logits` [images, classes] and I32 `labels` [images]. @throws StarsseError disk */
export async function writePredictions(folder: string, { id }: Run, name: string, set: 'validation' | 'test', { logits, labels, classes }: Predictions): Promise<void> {
  const tensors = [
    floatTensor('logits', [labels.length, classes], Float32Array.from(logits)),
    { name: 'labels', dtype: 'I32', shape: [labels.length], data: new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength) },
  ];
  await writeSafetensors(runFiles.predictions(folder, name, set), tensors, { run: id, name, set });
}

/** Those of a network that is not to be. */
export async function removePredictions(folder: string, name: string): Promise<void> {
  for (const set of ['validation', 'test'] as const) await rm(runFiles.predictions(folder, name, set), { force: true });
}

/** @throws StarsseError file-missing, file-invalid */
export async function readPredictions(folder: string, name: string, set: 'validation' | 'test'): Promise<Predictions> {
  const file = runFiles.predictions(folder, name, set);
  const { tensors } = await readSafetensors(file, ['logits', 'labels']);
  const [logits, labels] = ['logits', 'labels'].map((wanted) => tensors.find((tensor) => tensor.name === wanted)!);
  const [images, classes] = logits.shape;
  if (logits.dtype !== 'F32' || logits.shape.length !== 2 || labels.dtype !== 'I32' || labels.shape.join() !== String(images)) {
    throw new StarsseError('file-invalid', `${file}: logits ${logits.dtype} [${logits.shape.join(', ')}] and labels ${labels.dtype} [${labels.shape.join(', ')}] are no predictions`);
  }
  const bytes = labels.data.slice();
  return { logits: floatsOf(logits), labels: new Int32Array(bytes.buffer), classes };
}
