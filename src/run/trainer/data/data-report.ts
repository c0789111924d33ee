/** The task `data`: what a plan's data are and what is wrong with them, whether or not a run would start. */
import path from 'node:path';
import * as v from 'valibot';
import type { DataReport, ImageSizes } from '../../../protocol/data-report.ts';
import { parseJson } from '../../../protocol/parse.ts';
import { readPlan } from '../create-run.ts';
import { imageCacheBytes, imagesFolder } from './cache-cleaning.ts';
import { writeContactSheet } from './contact-sheet.ts';
import { countsOf, problemsOf } from './data-problems.ts';
import type { ExampleSet } from './example-set.ts';
import type { Making } from './image-cache.ts';
import { drawPlanData } from './plan-data.ts';

const RequestSchema = v.strictObject({ sheet: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1))), null) });

/** @param request `{"sheet": "file.png"}` @throws StarsseError as `readPlanData`, but for problems: those are in the report */
export async function dataTask(planFile: string, request: string, making: Making): Promise<DataReport> {
  const { sheet } = parseJson(RequestSchema, request, 'data', 'usage');
  const planPath = path.resolve(planFile);
  const { data } = await readPlan(planPath);
  const { given, sets, unused, leftOut, fingerprint } = await drawPlanData(data, planPath, making);
  const { classes } = given;
  if (sheet !== null) await writeContactSheet(path.resolve(sheet), sets.train.dataset);
  return {
    plan: planPath,
    kind: data.kind,
    classes,
    shape: given.train.dataset.shape,
    values: given.train.dataset.values,
    sets: (['train', 'validation', 'test'] as const).map((name) => ({ name, examples: sets[name].dataset.labels.length, perClass: countsOf(sets[name], classes.length) })),
    unused,
    sizes: sizesOf([given.train, given.validation, given.test]),
    fingerprint,
    problems: problemsOf(given, sets, leftOut, classes),
    cache: { folder: imagesFolder(), sizeBytes: await imageCacheBytes() },
    sheet: sheet === null ? null : path.resolve(sheet),
  };
}

function sizesOf(sets: (ExampleSet | null)[]): ImageSizes | null {
  const sizes = sets.flatMap((set): [number, number][] => {
    const all = set?.sizes;
    return all == null ? [] : Array.from({ length: all.length / 2 }, (_, index) => [all[2 * index], all[2 * index + 1]]);
  });
  if (sizes.length === 0) return null;
  sizes.sort(([a, b], [c, d]) => a * b - c * d);
  return { smallest: sizes[0], median: sizes[Math.floor(sizes.length / 2)], largest: sizes[sizes.length - 1] };
}
