/** What every analysis of the space of weights does alike: it has a name under `analyses/`, a key, a lock, and points that are kept. */
import { createHash } from 'node:crypto';
import { StarsseError } from '../../../protocol/errors.ts';
import type { ModelFile } from '../../../protocol/network.ts';
import type { Run } from '../../../protocol/run.ts';
import { readRun, runFiles } from '../../folder.ts';
import { withLock } from '../../lock.ts';
import { makeRunFolders } from '../create-run.ts';
import { readModel } from '../run-network.ts';
import { NamedNetworks } from './named-networks.ts';

/** What an analysis works on. */
export interface Subject {
  folder: string;
  run: Run;
  model: ModelFile;
  networks: NamedNetworks;
}

export async function subjectOf(folder: string): Promise<Subject> {
  const run = await readRun(folder);
  await makeRunFolders(folder);
  const model = await readModel(folder);
  return { folder, run, model, networks: await NamedNetworks.of(folder, run, model.network) };
}

/** @throws StarsseError run-busy while another process is at the same analysis; what `work` throws */
export async function underLock<T>({ folder, run }: Subject, name: string, work: () => Promise<T>): Promise<T> {
  return await withLock(runFiles.analysisLock(folder, name), `The analysis ${name} of ${run.id}`, async (lost) => {
    lost.addEventListener('abort', () => {
      console.error(`another process has the analysis ${name} now`);
      process.exit(1);
    });
    return await work();
  });
}

/** Ten letters that are the same for the same values. */
export function keyOf(...values: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 10);
}

/** @throws StarsseError internal */
export function checkSelf(isRight: boolean, message: string): void {
  if (!isRight) throw new StarsseError('internal', `The analysis failed its own check: ${message}`, { hint: 'Run `starsse doctor`; if this comes again on the back end "wasm", please report it.' });
}
