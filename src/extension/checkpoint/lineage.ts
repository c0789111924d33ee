/** Where a snapshot comes from: the run whose folder it lies in, and the files of what its metadata name. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Lineage } from '../../protocol/checkpoint-messages.ts';
import type { Run } from '../../protocol/run.ts';
import { readRun } from '../../run/folder.ts';

/** Names of parents come from a file: no path leads out of the folder of snapshots by one. */
const NAME = /^[\w-]{1,100}$/;
const MOST_PARENTS = 100;

export async function lineageOf(file: string, metadata: Readonly<Record<string, string>>): Promise<Lineage> {
  const names = (metadata.parents ?? '').split(',').filter((name) => name !== '').slice(0, MOST_PARENTS);
  const folder = path.dirname(path.dirname(file));
  // A file that is no part of a run has no run, whatever is wrong with the folder above it.
  const run = path.basename(path.dirname(file)) === 'snapshots' ? await readRun(folder).catch(() => null) : null;
  const parents = await Promise.all(names.map(async (name) => ({ name, file: await existing(name === 'pretrained' ? checkpointOf(run, metadata.name) : snapshotBeside(file, name)) })));
  return { run: run === null ? null : { folder, name: run.plan.name }, parents };
}

function snapshotBeside(file: string, name: string): string | null {
  return NAME.test(name) ? path.join(path.dirname(file), `${name}.safetensors`) : null;
}

/** What a member of the run starts from. */
function checkpointOf(run: Run | null, member: string | undefined): string | null {
  const checkpoint = run?.members.find(({ name }) => name === member)?.checkpoint ?? run?.plan.model.checkpoint ?? null;
  return run === null || checkpoint === null ? null : path.resolve(path.dirname(run.planPath), checkpoint);
}

async function existing(file: string | null): Promise<string | null> {
  if (file === null) return null;
  return await access(file).then(() => file, () => null);
}
