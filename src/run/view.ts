/** The picture of a run at one moment, derived from its folder alone. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type * as v from 'valibot';
import { StarsseError, type ErrorCode, type ErrorJson } from '../protocol/errors.ts';
import { failedStart } from '../protocol/members.ts';
import { ResultTableSchema } from '../protocol/results.ts';
import { ErrorSchema, type Member, type MemberStatus, type MemberView, type RunStatus, type RunView, type SoupView } from '../protocol/run.ts';
import { assertInside, listRuns, readJsonInside, readRun, readState, runFiles } from './folder.ts';
import { readLabels } from './labels.ts';
import { lockHolder } from './lock.ts';
import { isLive } from './processes.ts';
import { stopRequested } from './requests.ts';
import { readSafetensorsHeader } from './safetensors-file.ts';

const SOUP_FILE = /^((?:soup-[a-z-]+|distilled)-[1-9]\d{0,8})\.safetensors$/;

/**
 * Reads a run. `running` with an old heartbeat, or with a process that is gone, is `interrupted`.
 * @throws StarsseError file-missing, file-invalid naming the file that is torn or foreign.
 */
export async function viewRun(folder: string): Promise<RunView> {
  const root = path.resolve(folder);
  const run = await readRun(root);
  // First: who then finds no supervisor reads what no supervisor changes any more.
  const supervisor = await lockHolder(runFiles.supervisor(root));
  const [members, soups, results, error, stopping, labels] = await Promise.all([
    Promise.all(run.members.map((member) => viewMember(root, member))),
    viewSoups(root),
    readJsonInside(root, runFiles.table(root), ResultTableSchema),
    readJsonInside(root, runFiles.error(root), ErrorSchema),
    stopRequested(root),
    readLabels(root),
  ]);
  const failed = members.filter(({ state }) => state.status === 'failed');
  const names = failed.map(({ member }) => member.name);
  // What starts from a failed member waits for nothing.
  const statuses = members.map(({ member, state }) => (state.status === 'queued' && failedStart(run.members, names, member) !== null ? 'failed' : state.status));
  const rows = new Set(results?.rows.map(({ name }) => name));
  return {
    folder: root,
    id: run.id,
    name: labels.name ?? run.plan.name,
    planName: run.plan.name,
    labels,
    createdAt: run.createdAt,
    method: run.plan.method.kind,
    status: runStatus(
      statuses,
      { supervised: supervisor !== null, stopping, failed: error !== null, tabled: members.every(({ member, state }) => state.status !== 'done' || rows.has(member.name)) },
    ),
    stepsPerEpoch: run.stepsPerEpoch,
    workers: run.workers,
    members,
    soups,
    results,
    error: toErrorJson(error ?? failed[0]?.state.error ?? null),
  };
}

export interface FoundRun {
  folder: string;
  view: RunView | null;
  /** Why there is no view. */
  error: ErrorJson | null;
}

/** Every run of a runs folder, newest first; one that cannot be read comes with its error and hides no other. */
export async function viewRuns(runsFolder: string): Promise<FoundRun[]> {
  const folders = await listRuns(runsFolder);
  return await Promise.all(
    folders.map(async (folder): Promise<FoundRun> => {
      try {
        return { folder, view: await viewRun(folder), error: null };
      } catch (error) {
        return { folder, view: null, error: StarsseError.from(error).toJSON() };
      }
    }),
  );
}

interface RunFacts {
  supervised: boolean;
  stopping: boolean;
  failed: boolean;
  /** The table has every member that is done. */
  tabled: boolean;
}

/**
 * One status for the run from its members' and from whether somebody works on it.
 * @param members a member that cannot be trained, since its start failed, counts as failed
 */
export function runStatus(members: MemberStatus[], { supervised, stopping, failed, tabled }: RunFacts): RunStatus {
  const some = (status: MemberStatus): boolean => members.includes(status);
  const settled = members.every((status) => status === 'done' || status === 'failed');
  if (some('running')) return 'running';
  if (supervised) return settled ? 'evaluating' : 'running';
  if (failed || (settled && !some('done'))) return 'failed';
  if (settled) return tabled ? 'done' : stopping ? 'stopped' : some('failed') ? 'failed' : 'interrupted';
  if (stopping || some('stopped')) return 'stopped';
  return members.every((status) => status === 'queued') ? 'queued' : 'interrupted';
}

async function viewMember(folder: string, member: Member): Promise<MemberView> {
  let state = await readState(folder, member.name);
  let gone = state.status === 'running' && !isLive(state);
  if (gone) {
    // The trainer may have written `done` and ended since we read `running`: what it left now is its last word.
    state = await readState(folder, member.name);
    gone = state.status === 'running' && !isLive(state);
  }
  return {
    member,
    state: gone ? { ...state, status: 'interrupted' } : state,
    snapshot: state.status === 'done' ? path.relative(folder, runFiles.snapshot(folder, member.name)) : null,
  };
}

/** Soups that have a snapshot, in the order of their numbers. @throws StarsseError file-invalid */
export async function viewSoups(folder: string): Promise<SoupView[]> {
  const names = await readdir(runFiles.snapshots(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const soups = await Promise.all(names.map((name) => viewSoup(folder, name)));
  return soups.filter((soup) => soup !== null).sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

async function viewSoup(folder: string, fileName: string): Promise<SoupView | null> {
  const name = SOUP_FILE.exec(fileName)?.[1];
  if (name === undefined) return null;
  const file = runFiles.snapshot(folder, name);
  await assertInside(folder, file);
  const { metadata } = await readSafetensorsHeader(file);
  return {
    name,
    snapshot: path.relative(folder, file),
    rule: metadata.rule ?? '',
    parents: metadata.parents === undefined ? [] : metadata.parents.split(','),
  };
}

function toErrorJson(error: v.InferOutput<typeof ErrorSchema> | null): ErrorJson | null {
  return error === null ? null : { ...error, code: error.code as ErrorCode };
}
