/** The task `measures`: everything that the stored predictions of a row of the table tell. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { compared, measuresOf } from '../../../core/measures.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { MeasuresReport } from '../../../protocol/measures.ts';
import { parseJson } from '../../../protocol/parse.ts';
import { ResultTableSchema } from '../../../protocol/results.ts';
import { readJsonInside, readRun, runFiles } from '../../folder.ts';
import { replaceJson } from '../../write.ts';
import type { TaskContext } from '../combine.ts';
import { readModel } from '../run-network.ts';
import { shownSet } from './report.ts';
import { readRow } from './stored.ts';

const Request = v.strictObject({ name: v.optional(v.string()), against: v.optional(v.string()) });

/** @param request `{"name": "soup-uniform-1", "against": "member-1"}`; without `name` the last row. @throws StarsseError usage, mismatch, file-missing, file-invalid, cancelled */
export async function measuresTask(folder: string, request: string, { onProgress, signal }: TaskContext): Promise<MeasuresReport> {
  const asked = parseJson(Request, request, 'measures', 'usage');
  const run = await readRun(folder);
  const name = asked.name ?? (await readJsonInside(folder, runFiles.table(folder), ResultTableSchema))?.rows.at(-1)?.name;
  if (name === undefined) throw new StarsseError('usage', `The run ${run.id} has no result table yet`, { hint: 'It is made when the members are done.' });
  const row = await readRow(folder, name);
  const other = asked.against === undefined ? null : await readRow(folder, asked.against);
  onProgress({ fraction: null, message: `Measuring ${name}` });
  const { classNames } = await readModel(folder);
  const set = shownSet(row);
  const { metric, bootstrapSamples } = run.plan.evaluation;
  const { seed } = run.plan;
  const report: MeasuresReport = {
    name,
    kind: row.kind,
    members: row.members,
    measuredOn: set,
    measures: measuresOf(row[set], row.validation, classNames, seed),
    comparison: other === null ? null : compared(row[set], other[set], { against: other.name, metric, bootstrapSamples, seed }),
    createdAt: new Date().toISOString(),
  };
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
  await mkdir(path.dirname(runFiles.measures(folder, name)), { recursive: true });
  await replaceJson(runFiles.measures(folder, name), report);
  return report;
}
