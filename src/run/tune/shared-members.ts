/**
 * Members that another run of the tune has trained already, taken over instead of trained again: snapshot, predictions and
 * rows are linked (copied where the disk has no links) and members/<name>/shared.json says where they came from.
 */
import { createHash } from 'node:crypto';
import { copyFile, link, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { memberIdentities } from '../../protocol/member-identity.ts';
import type { Run } from '../../protocol/run.ts';
import { readRun, readState, runFiles } from '../folder.ts';
import { diskError, replaceJson } from '../write.ts';

/** Of the trainer that is at work, or of training that goes on; state.json is written last. */
const LEFT = ['state.json', 'trainer.json', 'resume.safetensors', 'log.txt', 'shared.json'];

/**
 * Takes over every queued member whose equal is done in one of the other runs.
 * @param others folders of runs @returns names of the members taken over
 * @throws StarsseError disk
 */
export async function shareMembers(folder: string, others: readonly string[]): Promise<string[]> {
  const run = await readRun(folder);
  const trained = await trainedMembers(others.filter((other) => other !== folder));
  const taken: string[] = [];
  for (const [name, identity] of identitiesOf(run)) {
    const donor = trained.get(identity);
    if (donor === undefined || (await readState(folder, name)).status !== 'queued') continue;
    await takeOver(folder, donor, name, identity);
    taken.push(name);
  }
  return taken;
}

/** The folder of a run that has each member, by identity. */
async function trainedMembers(folders: readonly string[]): Promise<Map<string, string>> {
  const trained = new Map<string, string>();
  for (const folder of folders) {
    for (const [name, identity] of identitiesOf(await readRun(folder))) {
      if (!trained.has(identity) && (await readState(folder, name)).status === 'done') trained.set(identity, folder);
    }
  }
  return trained;
}

/** By name; without members that are their own run's only. Two machines, back ends or numbers of threads train no equal members. */
function identitiesOf(run: Run): [string, string][] {
  const { plan, members, dataFingerprint, checkpointFingerprint, checkpointFingerprints, threads, stepsPerEpoch, versions } = run;
  const identities = memberIdentities(plan, members);
  return members.flatMap(({ name, checkpoint }): [string, string][] => {
    const identity = identities.get(name) ?? null;
    if (identity === null) return [];
    // Every member goes back to member 1, or starts from a checkpoint of its own.
    const own = checkpoint === undefined || checkpoint === null ? null : (checkpointFingerprints[checkpoint] ?? null);
    const around = JSON.stringify([dataFingerprint, checkpointFingerprint, own, plan.compute.backend, threads, stepsPerEpoch, versions]);
    return [[name, createHash('sha256').update(around).update(identity).digest('hex')]];
  });
}

async function takeOver(folder: string, donor: string, name: string, identity: string): Promise<void> {
  await linkOrCopy(runFiles.snapshot(donor, name), runFiles.snapshot(folder, name));
  for (const set of ['validation', 'test'] as const) await linkOrCopy(runFiles.predictions(donor, name, set), runFiles.predictions(folder, name, set));
  const from = runFiles.member(donor, name);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.isFile() && !entry.name.startsWith('.') && !LEFT.includes(entry.name)) await linkOrCopy(path.join(from, entry.name), path.join(runFiles.member(folder, name), entry.name));
  }
  await replaceJson(path.join(runFiles.member(folder, name), 'shared.json'), { run: path.basename(donor), folder: path.relative(folder, donor), member: name, identity });
  await replaceJson(runFiles.state(folder, name), await readState(donor, name));
}

/** Files of a run are replaced whole, never changed in place, so that a link is as good as a copy. A missing one stays missing. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    await copyFile(from, to).catch((second: unknown) => {
      throw diskError(second, to);
    });
  }
}
