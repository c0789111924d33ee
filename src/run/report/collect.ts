/** Everything that a run folder holds for a report. What was not made is null or empty, and the report says how to make it. */
import { readdir } from 'node:fs/promises';
import { BasinSchema, type Basin } from '../../protocol/basin.ts';
import { EnsembleReportSchema, type EnsembleReport } from '../../protocol/ensemble-report.ts';
import { MeasuresReportSchema, type MeasuresReport } from '../../protocol/measures.ts';
import { SurfaceSchema, type Surface } from '../../protocol/plane.ts';
import { RobustnessSchema, UnknownReportsSchema, type Robustness, type UnknownReport } from '../../protocol/robustness.ts';
import type { EpochRow } from '../../protocol/rows.ts';
import type { Run, RunView } from '../../protocol/run.ts';
import { SharpnessSchema, type Sharpness } from '../../protocol/sharpness.ts';
import { readJsonInside, readRun, runFiles } from '../folder.ts';
import { validRows } from '../records/valid-rows.ts';
import { viewRun } from '../view.ts';

export interface ReportSource {
  run: Run;
  view: RunView;
  /** Of each member, in the order of the run. */
  epochs: { member: string; rows: EpochRow[] }[];
  basin: Basin | null;
  surfaces: Surface[];
  sharpness: Sharpness | null;
  measures: MeasuresReport[];
  ensembles: EnsembleReport[];
  robustness: Robustness | null;
  unknown: UnknownReport[];
}

const SURFACE = /^(plane-[0-9a-f]+)\.json$/;

/** @throws StarsseError file-missing, file-invalid naming the file that is torn or foreign */
export async function collect(folder: string): Promise<ReportSource> {
  const [run, view] = await Promise.all([readRun(folder), viewRun(folder)]);
  const names = (view.results?.rows ?? []).filter(({ kind }) => kind !== 'mean-member').map(({ name }) => name);
  const surfaces = (await readdir(runFiles.analyses(folder)).catch(() => [])).flatMap((file) => SURFACE.exec(file)?.[1] ?? []);
  return {
    run,
    view,
    epochs: await Promise.all(run.members.map(async ({ name }) => ({ member: name, rows: (await validRows(runFiles.rows(folder, name))).filter((row) => row.kind === 'epoch') }))),
    basin: await readJsonInside(folder, runFiles.analysis(folder, 'basin'), BasinSchema),
    surfaces: await present(surfaces.sort().map((name) => readJsonInside(folder, runFiles.analysis(folder, name), SurfaceSchema))),
    sharpness: await readJsonInside(folder, runFiles.analysis(folder, 'sharpness'), SharpnessSchema),
    measures: await present(names.map((name) => readJsonInside(folder, runFiles.measures(folder, name), MeasuresReportSchema))),
    ensembles: await present(names.filter((name) => name.startsWith('ensemble-')).map((name) => readJsonInside(folder, runFiles.ensemble(folder, name), EnsembleReportSchema))),
    robustness: await readJsonInside(folder, runFiles.robustness(folder), RobustnessSchema),
    unknown: (await readJsonInside(folder, runFiles.unknown(folder), UnknownReportsSchema)) ?? [],
  };
}

async function present<T>(reads: Promise<T | null>[]): Promise<T[]> {
  return (await Promise.all(reads)).filter((read) => read !== null);
}
