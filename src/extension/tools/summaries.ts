/** What language models are told about runs: plain JSON, small, in the field's words, with numbers as files have them. */
import path from 'node:path';
import type { RunView } from '../../protocol/run.ts';
import { StarsseError } from '../../protocol/errors.ts';
import type { RunEntry } from '../runs/runCatalog.ts';
import { fits, parseFilter } from '../tree/filter.ts';
import { progressOf } from '../tree/nodes.ts';

export interface RunSummary {
  id: string;
  name: string;
  plan: string;
  method: string;
  status: string;
  /** Steps done of all steps, 0..1. */
  progress: number;
  members: number;
  createdAt: string;
  tags: string[];
  archived: boolean;
  /** Why it failed. */
  error: string | null;
}

const MOST_RUNS = 50;

/** Newest first. @param filter as in the Runs view */
export function runSummaries(entries: readonly RunEntry[], filter: string): { runs: RunSummary[]; leftOut: number } {
  const wanted = parseFilter(filter);
  const found = entries.flatMap(({ folder, view }) => (view !== null && fits(wanted, folder, view) ? [view] : []));
  return { runs: found.slice(0, MOST_RUNS).map(runSummary), leftOut: Math.max(0, found.length - MOST_RUNS) };
}

function runSummary(run: RunView): RunSummary {
  const { id, name, planName, method, status, members, createdAt, labels, error } = run;
  return { id, name, plan: planName, method, status, progress: progressOf(run), members: members.length, createdAt, tags: labels.tags, archived: labels.archived, error: error?.message ?? null };
}

/** Members with their states, and the result table with intervals; accuracies are fractions of the test images. */
export function runResults(run: RunView): object {
  return {
    ...runSummary(run),
    members: run.members.map(({ member, state, snapshot }) => ({
      name: member.name, startsFrom: member.startsFrom, status: state.status, step: state.step, steps: state.steps, epochs: member.epochs,
      learningRate: member.learningRate, validationAccuracy: state.validationAccuracy, hasSnapshot: snapshot !== null, error: state.error?.message ?? null,
    })),
    soups: run.soups.map(({ name, rule, parents }) => ({ name, rule, parents })),
    table: run.results === null ? null : { bestMember: run.results.bestMember, testImages: run.results.testImages, rows: run.results.rows },
  };
}

/** The one run that a model means: an id, the beginning of one, a folder, a name, or "latest". @throws StarsseError usage */
export function meantRun(entries: readonly RunEntry[], named: string): RunView {
  const runs = entries.flatMap(({ view }) => view ?? []);
  const exact = runs.filter(({ id, folder, name }) => [id, folder, name].includes(named));
  const matching = named === 'latest' ? runs.slice(0, 1) : exact.length > 0 ? exact : runs.filter(({ id }) => named !== '' && id.startsWith(named));
  if (matching.length === 1) return matching[0];
  const some = (matching.length === 0 ? runs : matching).slice(0, 5).map(({ folder }) => path.basename(folder));
  const what = matching.length === 0 ? `There is no run "${named}"` : `"${named}" is more than one run`;
  throw new StarsseError('usage', what, { hint: some.length === 0 ? 'There are no runs yet.' : `For example: ${some.join(', ')}.` });
}
