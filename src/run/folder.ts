/** A run's folder: where its files are, and the checked reading of run.json and state.json. Nothing here writes. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import path from 'node:path';
import type * as v from 'valibot';
import { StarsseError } from '../protocol/errors.ts';
import { parse, parseJson } from '../protocol/parse.ts';
import { RUN_FORMAT, RunSchema, StateSchema, type Run, type State } from '../protocol/run.ts';

/** The runs folder of a workspace. */
export const RUNS_FOLDER = path.join('.starsse', 'runs');

const MEMBER = /^member-[1-9]\d{0,8}$/;
const ANALYSIS = /^[a-z]+(?:-[0-9a-f]{10})?$/;
const NETWORK = /^(?:member|soup-[a-z-]+|distilled)-[1-9]\d{0,8}$/;

/** A row of the result table, other than the mean member. */
const ROW = /^(?:member|soup-[a-z-]+|distilled|ensemble)-[1-9]\d{0,8}$/;

/** Paths inside a run's folder. Names are checked, since some come from files. @throws StarsseError file-invalid */
export const runFiles = {
  run: (folder: string): string => path.join(folder, 'run.json'),
  model: (folder: string): string => path.join(folder, 'model.json'),
  /** Name, tags and archiving, as people wrote them; missing until they do. */
  labels: (folder: string): string => path.join(folder, 'labels.json'),
  supervisor: (folder: string): string => path.join(folder, 'supervisor.json'),
  supervisorLog: (folder: string): string => path.join(folder, 'supervisor.log'),
  /** Why the last supervisor gave up, when it was not a member that failed. */
  error: (folder: string): string => path.join(folder, 'error.json'),
  /** Lock of whoever changes run.json. */
  runLock: (folder: string): string => path.join(folder, 'lock.json'),
  member: (folder: string, member: string): string => path.join(folder, 'members', checkedName(MEMBER, member)),
  state: (folder: string, member: string): string => path.join(runFiles.member(folder, member), 'state.json'),
  /** Lock of the member's trainer. */
  trainer: (folder: string, member: string): string => path.join(runFiles.member(folder, member), 'trainer.json'),
  rows: (folder: string, member: string): string => path.join(runFiles.member(folder, member), 'metrics.ndjson'),
  resume: (folder: string, member: string): string => path.join(runFiles.member(folder, member), 'resume.safetensors'),
  /** Weights and optimizer slots at the member's end; only where another member goes on with them. */
  final: (folder: string, member: string): string => path.join(runFiles.member(folder, member), 'final.safetensors'),
  /** Weights after the first epoch, to which later ones are compared; gone when the member is done. */
  firstEpoch: (folder: string, member: string): string => path.join(runFiles.member(folder, member), 'first-epoch.safetensors'),
  log: (folder: string, member: string): string => path.join(runFiles.member(folder, member), 'log.txt'),
  /** Of a run that is profiled: where the time of the member's steps went, and a Chrome trace of them. */
  profile: (folder: string, member: string): string => path.join(runFiles.member(folder, member), 'profile.json'),
  trace: (folder: string, member: string): string => path.join(runFiles.member(folder, member), 'trace.json'),
  snapshots: (folder: string): string => path.join(folder, 'snapshots'),
  /** @param network a member or a soup, for example soup-uniform-1. */
  snapshot: (folder: string, network: string): string =>
    path.join(folder, 'snapshots', `${checkedName(NETWORK, network)}.safetensors`),
  predictions: (folder: string, network: string, set: 'validation' | 'test'): string =>
    path.join(folder, 'predictions', `${checkedName(NETWORK, network)}.${set}.safetensors`),
  analyses: (folder: string): string => path.join(folder, 'analyses'),
  table: (folder: string): string => path.join(folder, 'analyses', 'table.json'),
  /** Who went into the run's own soup, and why others did not. */
  gate: (folder: string): string => path.join(folder, 'analyses', 'gate.json'),
  /** Per-class tables and confusion matrices of what is in the table. */
  classes: (folder: string): string => path.join(folder, 'analyses', 'classes.json'),
  /** What an ensemble is made of and worth. */
  ensemble: (folder: string, name: string): string => path.join(folder, 'analyses', 'ensembles', `${checkedName(ROW, name)}.json`),
  /** What the predictions of a row of the table tell. */
  measures: (folder: string, name: string): string => path.join(folder, 'analyses', 'measures', `${checkedName(ROW, name)}.json`),
  robustness: (folder: string): string => path.join(folder, 'analyses', 'robustness.json'),
  /** Unknown images told from known ones, a report a folder of images. */
  unknown: (folder: string): string => path.join(folder, 'analyses', 'unknown.json'),
  /** Lock of whoever changes the soups or the table. */
  tableLock: (folder: string): string => path.join(folder, 'analyses', 'lock.json'),
  /** What an analysis found, its points as they come, and its lock. @param name basin, sharpness, plane-0123456789 */
  analysis: (folder: string, name: string): string => path.join(folder, 'analyses', `${checkedAnalysis(name)}.json`),
  analysisPoints: (folder: string, name: string): string => path.join(folder, 'analyses', `${checkedAnalysis(name)}.ndjson`),
  /** Training of an analysis that can go on. */
  analysisResume: (folder: string, name: string): string => path.join(folder, 'analyses', `${checkedAnalysis(name)}.resume.safetensors`),
  analysisLock: (folder: string, name: string): string => path.join(folder, 'analyses', `${checkedAnalysis(name)}.lock.json`),
  stopRequest: (folder: string): string => path.join(folder, 'requests', 'stop'),
};

function checkedName(pattern: RegExp, name: string): string {
  if (pattern.test(name)) return name;
  throw new StarsseError('file-invalid', `"${name}" is not the name of a member or a soup`);
}

function checkedAnalysis(name: string): string {
  if (ANALYSIS.test(name)) return name;
  throw new StarsseError('file-invalid', `"${name}" is not the name of an analysis`);
}

/** A new run's name: UTC time to the second, which sorts by age, and four letters. */
export function createRunId(now = new Date()): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const letters = Array.from({ length: 4 }, () => 'abcdefghijklmnopqrstuvwxyz'[randomInt(26)]).join('');
  return `${time}-${letters}`;
}

/**
 * Folders in a runs folder that hold a run.json, whole or not, newest first; empty when the runs folder is missing.
 * @returns absolute paths.
 */
export async function listRuns(runsFolder: string): Promise<string[]> {
  const entries = await readdir(runsFolder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const folders: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const folder = path.resolve(runsFolder, entry.name);
    const files = await readdir(folder).catch((): string[] => []);
    if (files.includes('run.json')) folders.push(folder);
  }
  return folders.sort().reverse();
}

/**
 * run.json, checked: each member once, in an order in which every start comes before what starts from it.
 * @throws StarsseError file-missing, file-invalid
 */
export async function readRun(folder: string): Promise<Run> {
  const file = runFiles.run(folder);
  const text = await readInside(folder, file);
  if (text === null) {
    throw new StarsseError('file-missing', `${folder} is not a run: it has no run.json`, {
      hint: 'Name a run folder, or list the runs with `starsse ls`.',
    });
  }
  const run = parse(RunSchema, supportedFormat(text, file), file);
  const known = new Set(['pretrained']);
  for (const { name, startsFrom } of run.members) {
    if (known.has(name)) throw new StarsseError('file-invalid', `${file}: ${name} is there twice`);
    if (!known.has(startsFrom)) throw new StarsseError('file-invalid', `${file}: ${name} starts from "${startsFrom}", which is no member before it`);
    known.add(name);
  }
  return run;
}

/** A member's state.json. @throws StarsseError file-missing, file-invalid */
export async function readState(folder: string, member: string): Promise<State> {
  const file = runFiles.state(folder, member);
  const state = await readJsonInside(folder, file, StateSchema);
  if (state === null) throw new StarsseError('file-missing', `${file} is missing`, { hint: 'The run folder is not whole. Start a new run.' });
  return state;
}

/** A JSON file of a run, or null when it is missing. @throws StarsseError file-invalid */
export async function readJsonInside<S extends v.GenericSchema>(folder: string, file: string, schema: S): Promise<v.InferOutput<S> | null> {
  const text = await readInside(folder, file);
  return text === null ? null : parseJson(schema, text, file);
}

/** The text of a file, which must not lie outside the run's folder by way of a link; null when it is missing. */
async function readInside(folder: string, file: string): Promise<string | null> {
  try {
    await assertInside(folder, file);
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EISDIR') throw new StarsseError('file-invalid', `${file} is a folder, not a file`, { cause: error });
    throw error;
  }
}

/** Refuses links that lead out of a run's folder: a folder from elsewhere must not show other files of this machine. */
export async function assertInside(folder: string, file: string): Promise<void> {
  const [real, root] = await Promise.all([realpath(file), realpath(folder)]);
  if (real !== root && !real.startsWith(root + path.sep)) {
    throw new StarsseError('file-invalid', `${file} is a link to ${real}, outside the run`, { hint: 'Copy the file into the run folder.' });
  }
}

/** A newer format is told apart from a broken file, since the advice differs. */
function supportedFormat(text: string, file: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StarsseError('file-invalid', `${file}: not valid JSON`, { cause, hint: 'The file is torn or of another kind.' });
  }
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format === 'number' && format > RUN_FORMAT) {
    throw new StarsseError('file-invalid', `${file}: format ${format} is newer than ${RUN_FORMAT}, the newest this version reads`, {
      hint: 'Update StarSSE.',
    });
  }
  return value;
}
