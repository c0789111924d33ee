/** The task `table`, and what it shares with `soup` and `ensemble`. */
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { classTables } from '../../core/classes.ts';
import { macs } from '../../core/network.ts';
import { resultTable, type Candidate, type EnsembleRequest, type SoupCandidate } from '../../core/table.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { canBeStartedFrom } from '../../protocol/members.ts';
import { ResultTableSchema, type ResultRow, type ResultTable } from '../../protocol/results.ts';
import type { Run, State } from '../../protocol/run.ts';
import { SoupReportSchema } from '../../protocol/soup.ts';
import { readJsonInside, readRun, readState, runFiles } from '../folder.ts';
import { withLock } from '../lock.ts';
import type { Added, Progress } from '../task-lines.ts';
import { viewSoups } from '../view.ts';
import { replaceJson } from '../write.ts';
import { makeRunFolders } from './create-run.ts';
import { readModel } from './run-network.ts';
import { readPredictions } from './snapshot.ts';
import { addOwnSoup } from './soups/own-soup.ts';

/** Another soup that is being made is waited for this long. */
const WAIT_MS = 600_000;
const WAIT_LOOK_MS = 50;

export const MemberNames = v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^member-[1-9]\d*$/))), v.minLength(1)));

/** What a task reports to and listens to. */
export interface TaskContext {
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
}

/**
 * The default soup (of the members in one basin) and ensemble (of all that are done; none of a single one), and the table. Members whose
 * snapshot is there count as well: the soup is made while their test predictions are, and is one of the run once all are done.
 */
export async function makeTable(folder: string, context: TaskContext): Promise<Added> {
  return await change(folder, async (run) => {
    const trained = await membersWith(folder, run, canBeStartedFrom);
    const done = await doneMembers(folder, run);
    const isEarly = trained.length > done.length;
    if (isEarly) await addOwnSoup(folder, run, trained, context, async () => await areDone(folder, trained, context.signal));
    const names = isEarly ? await doneMembers(folder, run) : done;
    if (!isEarly || names.join() !== trained.join()) await addOwnSoup(folder, run, names, context);
    const ensembles = await ensemblesInTable(folder);
    if (names.length > 1) withEnsemble(ensembles, names);
    return { table: await writeTable(folder, run, ensembles, context), added: null };
  });
}

/** Waits for the end of members. @returns whether all are done */
async function areDone(folder: string, names: string[], signal: AbortSignal): Promise<boolean> {
  for (;;) {
    signal.throwIfAborted();
    const states = await Promise.all(names.map(async (name) => await readState(folder, name)));
    if (states.every(({ status }) => status === 'done')) return true;
    if (states.some(({ status }) => status === 'failed')) return false;
    await wait(WAIT_LOOK_MS);
  }
}

/** Works on the soups and the table alone. @throws StarsseError run-busy */
export async function change<T>(folder: string, work: (run: Run) => Promise<T>): Promise<T> {
  const run = await readRun(folder);
  await makeRunFolders(folder);
  return await withLock(runFiles.tableLock(folder), `The result table of ${run.id}`, async () => await work(run), WAIT_MS);
}

export async function doneMembers(folder: string, run: Run): Promise<string[]> {
  return await membersThatAre(folder, run, 'done');
}

async function membersThatAre(folder: string, run: Run, wanted: State['status']): Promise<string[]> {
  return await membersWith(folder, run, ({ status }) => status === wanted);
}

async function membersWith(folder: string, run: Run, isWanted: (state: State) => boolean): Promise<string[]> {
  const states = await Promise.all(run.members.map(async ({ name }) => ({ name, state: await readState(folder, name) })));
  return states.filter(({ state }) => isWanted(state)).map(({ name }) => name);
}

/** Names in the order of the run, each once; by default all that did not fail. @throws StarsseError usage for one that is unknown or not done */
export async function chosenMembers(folder: string, run: Run, asked: string[] | undefined): Promise<string[]> {
  const done = await doneMembers(folder, run);
  const failed = asked === undefined ? await membersThatAre(folder, run, 'failed') : [];
  const wanted = asked ?? run.members.map(({ name }) => name).filter((name) => !failed.includes(name));
  const missing = wanted.filter((name) => !done.includes(name));
  if (missing.length > 0 || done.length === 0) {
    throw new StarsseError('usage', `not done in the run ${run.id}: ${missing.length > 0 ? missing.join(', ') : 'any member'}`, {
      hint: done.length === 0 ? 'No member is done yet.' : `Done are: ${done.join(', ')}. Choose among them with --members.`,
    });
  }
  return done.filter((name) => wanted.includes(name));
}

/** Ensembles are in the table only: each is arithmetic on predictions, made anew with it. */
export async function ensemblesInTable(folder: string): Promise<EnsembleRequest[]> {
  const table = await readJsonInside(folder, runFiles.table(folder), ResultTableSchema);
  return (table?.rows ?? []).filter(({ kind }) => kind === 'ensemble').map(ensembleOfRow);
}

function ensembleOfRow({ name, members, mean, weights }: ResultRow): EnsembleRequest {
  return { name, members, ...(mean === undefined ? {} : { rule: 'logit-mean' as const }), ...(weights === undefined ? {} : { weights }) };
}

/** Adds the mean of the members' probabilities unless it is there. */
function withEnsemble(ensembles: EnsembleRequest[], members: string[]): void {
  if (ensembles.some((each) => each.members.join() === members.join() && each.rule === undefined && each.weights === undefined)) return;
  ensembles.push({ name: `ensemble-${1 + Math.max(0, ...ensembles.map((each) => numberOf(each.name)))}`, members });
}

/** The number at the end of a name. */
export function numberOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}

/** Everything that is in the run, and the ensembles, measured. */
export async function writeTable(folder: string, run: Run, ensembles: EnsembleRequest[], { onProgress }: TaskContext): Promise<ResultTable> {
  onProgress({ fraction: null, message: 'Computing the result table' });
  const candidate = async (name: string): Promise<Candidate> => ({
    name,
    validation: await readPredictions(folder, name, 'validation'),
    test: await readPredictions(folder, name, 'test'),
  });
  const members = await Promise.all((await doneMembers(folder, run)).map(candidate));
  const soups = await Promise.all((await viewSoups(folder)).map(async ({ name, parents }): Promise<SoupCandidate> => ({ ...(await candidate(name)), members: parents })));
  const { network, classNames } = await readModel(folder);
  const gate = await readJsonInside(folder, runFiles.gate(folder), SoupReportSchema);
  const leftOut = (gate?.members ?? []).flatMap(({ name, taken, reason }) => (taken || reason === null ? [] : [{ name, reason }]));
  await replaceJson(runFiles.classes(folder), classTables({ members, soups, ensembles }, classNames));
  const table = {
    ...resultTable({
      members,
      soups,
      ensembles,
      metric: run.plan.evaluation.metric,
      macs: macs(network),
      bootstrapSamples: run.plan.evaluation.bootstrapSamples,
      seed: run.plan.seed,
      createdAt: new Date().toISOString(),
    }),
    ...(leftOut.length === 0 ? {} : { leftOut }),
  };
  await replaceJson(runFiles.table(folder), table);
  return table;
}
