/** What is compared of runs, and the tuner's sweeps, from their folders. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ComparedCurve, ComparedRun, Sweep, SweepPoint } from '../../protocol/compare-messages.ts';
import type { EpochRow } from '../../protocol/rows.ts';
import type { RunView } from '../../protocol/run.ts';
import { ComparisonSchema, type Comparison } from '../../protocol/tune.ts';
import { readJsonInside, runFiles } from '../../run/folder.ts';
import { RowReader } from '../../run/rows.ts';
import { tuneFiles, TUNES_FOLDER } from '../../run/tune/tune-folder.ts';
import { viewRun } from '../../run/view.ts';

/** @throws StarsseError file-missing, file-invalid */
export async function readCompared(folder: string): Promise<ComparedRun> {
  const run = await viewRun(folder);
  const ends = new Map<string, number>([['pretrained', 0]]);
  const curves: ComparedCurve[] = [];
  for (const { member } of run.members) {
    const startEpoch = ends.get(member.startsFrom) ?? 0;
    ends.set(member.name, startEpoch + epochsOf(member));
    const rows = await epochRows(folder, member.name);
    if (rows.length > 0) curves.push({ member: member.name, startEpoch, accuracy: rows.map(({ validationAccuracy }) => validationAccuracy), loss: rows.map(({ validationLoss }) => validationLoss) });
  }
  return {
    run,
    curves,
    epochs: run.members.reduce((sum, { member }) => sum + epochsOf(member), 0),
    learningRate: run.members[0]?.member.learningRate ?? 0,
    trainedMs: run.members.reduce((sum, { state }) => sum + state.trainedMs, 0),
  };
}

/** Of every tune beside the plans of a workspace folder that came to its end. */
export async function readSweeps(workspaceFolders: readonly string[]): Promise<Sweep[]> {
  const sweeps: Sweep[] = [];
  for (const folder of workspaceFolders) {
    const tunes = path.join(folder, TUNES_FOLDER);
    for (const name of (await readdir(tunes).catch((): string[] => [])).sort().reverse()) {
      const tune = path.join(tunes, name);
      // A tune that is torn hides no run.
      const comparison = await readJsonInside(tune, tuneFiles.comparison(tune), ComparisonSchema).catch(() => null);
      if (comparison !== null) sweeps.push({ name: `${comparison.name} (${name})`, metric: comparison.metric, points: comparison.cells.map(pointOf) });
    }
  }
  return sweeps;
}

function pointOf(cell: Comparison['cells'][number]): SweepPoint {
  const { method, lrRatio, epochRatio, epochs, ensemble, soup } = cell;
  return { label: `${method} lr × ${lrRatio}, epochs × ${epochRatio}`, values: { method, lrRatio, epochRatio, epochs, soup: soup?.mean ?? null, ensemble: ensemble?.mean ?? null }, folder: cell.seeds[0]?.run ?? null };
}

function epochsOf({ probe, epochs }: RunView['members'][number]['member']): number {
  return epochs + (probe?.epochs ?? 0);
}

async function epochRows(folder: string, member: string): Promise<EpochRow[]> {
  const reader = new RowReader(runFiles.rows(folder, member));
  let rows: EpochRow[] = [];
  for (let more = true; more; ) {
    const batch = await reader.read();
    for (const row of batch.rows) {
      if (row.kind === 'resume') rows = rows.filter((kept) => kept.step <= row.step);
      else if (row.kind === 'epoch') rows.push(row);
    }
    more = batch.more;
  }
  return rows;
}
