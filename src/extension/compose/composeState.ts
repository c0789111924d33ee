import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { BasinSchema, type Basin } from '../../protocol/basin.ts';
import type { ComposeMember, ComposeRun, ComposeState, Made } from '../../protocol/compose-messages.ts';
import { EnsembleReportSchema, type EnsembleReport } from '../../protocol/ensemble-report.ts';
import type { ResultRow, ResultTable } from '../../protocol/results.ts';
import type { RunView } from '../../protocol/run.ts';
import { TaskStepSchema } from '../../protocol/task-steps.ts';
import { readJsonInside, readRun, runFiles } from '../../run/folder.ts';
import { madeNames } from '../../run/removal.ts';
import { RowReader } from '../../run/rows.ts';
import { readSafetensorsHeader } from '../../run/safetensors-file.ts';
import { viewRun } from '../../run/view.ts';

/** Epochs of a thumbnail. */
const CURVE_POINTS = 48;
/** Differences that are named. */
const MOST_NAMED = 2;

interface Layout {
  digest: string;
  tensors: ReadonlyMap<string, string>;
}

/** What Compose shows, read from run folders. Curves and headers of finished members never change, so each is read once. */
export class ComposeReader {
  readonly #curves = new Map<string, number[]>();
  readonly #headers = new Map<string, Layout>();
  readonly #layouts: Layout[] = [];

  /** @param folders the run whose table this is comes first. @throws StarsseError naming the file that is wrong */
  async read(folders: readonly string[], undoable: ReadonlySet<string>, trusted: boolean): Promise<ComposeState> {
    const runs = await Promise.all(folders.map((folder) => this.#run(folder)));
    const [home] = runs;
    const names = await madeNames(home.view.folder);
    return {
      runs,
      table: await wholeTable(home.view, names),
      made: Object.fromEntries(await Promise.all(home.view.soups.map(async ({ name }) => [name, await madeOf(home.view.folder, name)] as const))),
      differences: this.#differences(),
      undoable: names.filter((name) => undoable.has(name)),
      trusted,
    };
  }

  async #run(folder: string): Promise<ComposeRun> {
    const [view, run, basin] = await Promise.all([viewRun(folder), readRun(folder), readJsonInside(folder, runFiles.analysis(folder, 'basin'), BasinSchema)]);
    const members: ComposeMember[] = [];
    for (const each of view.members) {
      const { name } = each.member;
      members.push({ name, curve: await this.#curve(folder, name, each.state.status === 'done'), layout: each.snapshot === null ? null : await this.#layout(folder, name), basin: verdictIn(basin, name) });
    }
    return { view, metric: run.plan.evaluation.metric, dataFingerprint: run.dataFingerprint, members };
  }

  async #curve(folder: string, member: string, isDone: boolean): Promise<number[]> {
    const key = `${folder}#${member}`;
    const known = this.#curves.get(key);
    if (known !== undefined) return known;
    const reader = new RowReader(runFiles.rows(folder, member));
    const values: number[] = [];
    for (let more = true; more; ) {
      const batch = await reader.read();
      for (const row of batch.rows) if (row.kind === 'epoch') values.push(row.validationAccuracy);
      more = batch.more;
    }
    const every = Math.max(1, Math.ceil(values.length / CURVE_POINTS));
    const curve = values.filter((_, index) => (values.length - 1 - index) % every === 0);
    if (isDone) this.#curves.set(key, curve);
    return curve;
  }

  /** The number of the layout; a header is read again when its file has changed. */
  async #layout(folder: string, member: string): Promise<number> {
    const file = runFiles.snapshot(folder, member);
    const { mtimeMs, size } = await stat(file);
    const key = `${file} ${mtimeMs} ${size}`;
    let layout = this.#headers.get(key);
    if (layout === undefined) {
      const tensors = new Map((await readSafetensorsHeader(file)).tensors.map(({ name, dtype, shape }) => [name, `${dtype} [${shape.join(', ')}]`]));
      layout = { digest: createHash('sha256').update(JSON.stringify([...tensors].sort())).digest('hex'), tensors };
      this.#headers.set(key, layout);
    }
    const { digest } = layout;
    const place = this.#layouts.findIndex((other) => other.digest === digest);
    return place >= 0 ? place : this.#layouts.push(layout) - 1;
  }

  #differences(): ComposeState['differences'] {
    return this.#layouts.flatMap((a, first) => this.#layouts.slice(first + 1).map((b, offset) => ({ layouts: [first, first + 1 + offset] as [number, number], text: differenceOf(a.tensors, b.tensors) })));
  }
}

/** Names the first tensors that differ, and how many more there are. */
function differenceOf(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string {
  const names = [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
  const told = names.slice(0, MOST_NAMED).map((name) => `${name} ${a.get(name) ?? '–'} / ${b.get(name) ?? '–'}`);
  return [...told, ...(names.length > MOST_NAMED ? [`+${names.length - MOST_NAMED}`] : [])].join('; ');
}

function verdictIn(basin: Basin | null, member: string): ComposeMember['basin'] {
  return basin?.verdicts.find(({ network }) => network === member)?.verdict ?? null;
}

/** Headers of soups of before have no path; what does not fit is left out. */
async function madeOf(folder: string, name: string): Promise<Made> {
  const { metadata } = await readSafetensorsHeader(runFiles.snapshot(folder, name));
  const read = <S extends v.GenericSchema>(schema: S, text: string | undefined): v.InferOutput<S> | null => {
    const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
    return result.success ? (result.output as v.InferOutput<S>) : null;
  };
  return {
    rule: metadata.rule ?? '',
    weights: read(v.record(v.string(), v.number()), metadata.weights),
    settings: read(v.record(v.string(), v.unknown()), metadata.settings) ?? {},
    path: read(v.array(TaskStepSchema), metadata.path) ?? [],
  };
}

/** The run's table, and ensembles with members of other runs, which are reports beside it. */
async function wholeTable({ folder, results }: RunView, names: readonly string[]): Promise<ResultTable | null> {
  if (results === null) return null;
  const macs = results.rows.find(({ kind }) => kind === 'member')?.macs ?? 0;
  const missing = names.filter((name) => name.startsWith('ensemble-') && results.rows.every((row) => row.name !== name));
  const reports = await Promise.all(missing.map((name) => readJsonInside(folder, runFiles.ensemble(folder, name), EnsembleReportSchema)));
  return { ...results, rows: [...results.rows, ...reports.flatMap((report) => (report === null ? [] : [rowOf(report, results, macs)]))] };
}

function rowOf({ name, members, measures, validationAccuracy, comparison, mean }: EnsembleReport, table: ResultTable, macs: number): ResultRow {
  const { accuracy, meanPerClassAccuracy, nll, calibratedNll, brier, ece } = measures;
  return {
    name, kind: 'ensemble', members: members.map((member) => (member.folder === null ? member.name : `${member.run}/${member.name}`)),
    accuracy, meanPerClassAccuracy, nll, calibratedNll, brier, ece, validationAccuracy,
    differenceToBest: comparison?.against === table.bestMember ? comparison.accuracy : null,
    forwardPasses: members.length, macs: members.length * macs, weights: members.map(({ weight }) => weight), ...(mean === 'logit' ? { mean } : {}),
  };
}
