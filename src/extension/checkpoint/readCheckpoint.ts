/** What the inspector shows of a file. Short safetensors headers are read here, everything else by a trainer: nothing long runs in the editor. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { TensorTable } from '../../protocol/checkpoint.ts';
import type { CheckpointView } from '../../protocol/checkpoint-messages.ts';
import { headerBytesOf, readSafetensorsHeader } from '../../run/safetensors-file.ts';
import { requireTrust, runTaskHere } from '../runActions.ts';
import type { TaskContext } from '../taskProgress.ts';
import { lineageOf } from './lineage.ts';

/** Some thousand tensors, a few milliseconds. */
const SHORT_HEADER_BYTES = 1_000_000;

/** @throws StarsseError file-missing, file-invalid; usage for files that a program must read, in a workspace that is not trusted */
export async function readCheckpointView(file: string, context: TaskContext): Promise<CheckpointView> {
  const table = await readTable(file, context);
  return { ...table, path: file, name: path.basename(file), lineage: await lineageOf(file, table.metadata) };
}

async function readTable(file: string, context: TaskContext): Promise<TensorTable> {
  if (path.extname(file).toLowerCase() === '.safetensors' && (await headerBytesOf(file)) <= SHORT_HEADER_BYTES) {
    const [{ metadata, tensors }, { size }] = await Promise.all([readSafetensorsHeader(file), stat(file)]);
    return { kind: 'safetensors', sizeBytes: size, metadata, tensors: tensors.map(({ name, dtype, shape, start, end }) => ({ name, dtype, shape, sizeBytes: end - start, start })) };
  }
  requireTrust();
  return await runTaskHere('tensor-list', [file], context);
}
