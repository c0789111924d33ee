/** The fingerprint of a run's data: of contents, labels and split; not of names, places or packing. */
import { createHash } from 'node:crypto';
import type { PlanData, PlanSplit } from '../../../protocol/plan-data.ts';
import { ByteSource } from './byte-source.ts';
import type { PlanSets } from './example-set.ts';

/** SHA-256, hex. */
export function fingerprintOf({ train, validation, test }: PlanSets, split: PlanSplit | null): string {
  const hash = createHash('sha256');
  for (const set of [train, validation, test]) {
    hash.update(JSON.stringify(set === null ? null : [set.dataset.shape, set.dataset.values, set.dataset.labels.length]));
    if (set === null) continue;
    hash.update(set.hashes);
    hash.update(new Uint8Array(set.dataset.labels.buffer, set.dataset.labels.byteOffset, set.dataset.labels.byteLength));
  }
  return hash.update(JSON.stringify(split === null ? null : [split.train, split.validation, split.test, split.seed])).digest('hex');
}

/** That of runs made before there was more than IDX: of whole files. Null for data that there were no runs of. */
export async function formerFingerprint(data: PlanData, resolve: (file: string) => string): Promise<string | null> {
  if (data.kind !== 'idx' || data.test === null || data.split === null) return null;
  const hash = createHash('sha256');
  for (const file of [data.train.images, data.train.labels, data.test.images, data.test.labels]) {
    const source = ByteSource.open(resolve(file));
    for (let bytes = await source.read(2 ** 18); bytes.length > 0; bytes = await source.read(2 ** 18)) hash.update(bytes);
  }
  return hash.update(JSON.stringify([data.split.train, data.split.validation, data.split.seed])).digest('hex');
}
