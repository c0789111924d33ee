/** What `starsse inspect` tells of a snapshot; only the header is read. */
import type { SnapshotSummary } from '../protocol/results.ts';
import { readSafetensorsHeader } from './safetensors-file.ts';

/** @throws StarsseError file-missing, file-invalid */
export async function inspectSnapshot(file: string): Promise<SnapshotSummary> {
  const { metadata, tensors } = await readSafetensorsHeader(file);
  const summaries = tensors.map(({ name, dtype, shape, start, end }) => ({ name, dtype, shape, sizeBytes: end - start }));
  const parameters = summaries.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return { path: file, metadata, tensors: summaries, parameters };
}
