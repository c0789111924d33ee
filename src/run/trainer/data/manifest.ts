/** A CSV or JSONL list of image files and labels. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseCsv, CsvError } from 'csv-parse/sync';
import * as v from 'valibot';
import { StarsseError } from '../../../protocol/errors.ts';
import type { PlanData } from '../../../protocol/plan-data.ts';
import { checkClassCount, checkSameClasses, listed, sortedLabels } from './class-names.ts';
import type { ExampleSet, PlanSets } from './example-set.ts';
import { checkGiven } from './given-sets.ts';
import type { Making } from './image-cache.ts';
import { readImageSet, type ImageFile } from './image-files.ts';
import { missingOrUnreadable } from './missing-file.ts';

type ManifestData = Extract<PlanData, { kind: 'manifest' }>;
const SETS = ['train', 'validation', 'test'] as const;
const RowSchema = v.object({
  file: v.pipe(v.string(), v.minLength(1)),
  label: v.union([v.pipe(v.string(), v.minLength(1)), v.pipe(v.number(), v.transform(String))]),
  split: v.optional(v.nullable(v.picklist(['', ...SETS])), null),
});
interface Row {
  line: number;
  file: string;
  label: string;
  set: (typeof SETS)[number];
}

/** @throws StarsseError data-missing, data-invalid naming the line; disk, cancelled */
export async function readManifest(data: ManifestData, resolve: (file: string) => string, making: Making): Promise<PlanSets> {
  const list = resolve(data.file);
  const text = await readFile(list, 'utf8').catch((error: unknown) => {
    throw missingOrUnreadable(list, error);
  });
  const rows = /\.(jsonl|ndjson)$/i.test(list) ? jsonRows(text, list) : csvRows(text, list);
  if (rows.length === 0) throw new StarsseError('data-invalid', `${list} lists no images`);
  if (!rows.some(({ set }) => set === 'train')) throw new StarsseError('data-invalid', `${list} has no training images`, { hint: 'Images to train on have "train" or nothing in the field split.' });
  checkGiven(data, { validation: rows.some(({ set }) => set === 'validation'), test: rows.some(({ set }) => set === 'test') });
  const root = data.root === null ? path.dirname(list) : resolve(data.root);
  const { classes, labelOf } = classesOf(rows, data.classes, list);
  // All rows are checked before the first image is decoded.
  const images = rows.map((row) => ({ set: row.set, file: fileOf(row, root, list), name: row.file, label: labelOf(row) }));
  const read = async (set: Row['set']): Promise<ExampleSet | null> => {
    const files: ImageFile[] = images.filter((image) => image.set === set);
    return files.length === 0 ? null : await readImageSet(`${set} of ${data.file}`, files, data.image, classes.length, making);
  };
  return { classes, train: (await read('train'))!, validation: await read('validation'), test: await read('test') };
}

/** A file named in a list may not lead out of the folder that the plan gives. */
function fileOf({ file, line }: Row, root: string, list: string): string {
  const absolute = path.resolve(root, file);
  const relative = path.relative(root, absolute);
  if (relative === '' || relative.split(path.sep)[0] === '..' || path.isAbsolute(relative)) {
    throw new StarsseError('data-invalid', `${list}, line ${line}: ${file} is outside of ${root}`, { hint: 'Set data.root to a folder that has all the images.' });
  }
  return absolute;
}

/** Labels are names; whole numbers are places in `data.classes` where that has other names. */
function classesOf(rows: Row[], wanted: string[] | null, list: string): { classes: string[]; labelOf: (row: Row) => number } {
  const found = sortedLabels(rows.filter(({ set }) => set === 'train').map(({ label }) => label));
  const numbered = wanted !== null && found.every((label) => /^\d{1,9}$/.test(label)) && !found.every((label) => wanted.includes(label));
  const names = numbered ? wanted.map((_, index) => String(index)) : (wanted ?? found);
  if (!numbered && wanted !== null) checkSameClasses({ from: 'data.classes', classes: wanted }, { from: `train of ${list}`, classes: found });
  checkClassCount(wanted ?? found, list);
  const labels = new Map(names.map((name, index) => [name, index]));
  return {
    classes: wanted ?? found,
    labelOf({ label, line, set }) {
      const index = labels.get(label);
      if (index === undefined) {
        const known = numbered ? `data.classes has ${wanted.length} names, for labels from 0` : `the classes are ${listed(names)}`;
        throw new StarsseError('data-invalid', `${list}, line ${line}: the label ${JSON.stringify(label)} of a ${set} image is no class; ${known}`);
      }
      return index;
    },
  };
}

function csvRows(text: string, list: string): Row[] {
  let records: { info: { lines: number }; record: Record<string, string> }[];
  try {
    records = parseCsv(text, { bom: true, columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()), info: true, skip_empty_lines: true, trim: true });
  } catch (cause) {
    if (cause instanceof CsvError) throw new StarsseError('data-invalid', `${list}: ${cause.message}`, { cause });
    throw cause;
  }
  const first = records[0]?.record ?? {};
  for (const field of ['file', 'label']) {
    if (records.length > 0 && !(field in first)) throw new StarsseError('data-invalid', `${list} has no column ${field}; it has ${listed(Object.keys(first))}`, { hint: 'The first line has to name the columns file, label and, where the split is given, split.' });
  }
  return records.map(({ info, record }) => rowOf(record, info.lines, list));
}

function jsonRows(text: string, list: string): Row[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw new StarsseError('data-invalid', `${list}, line ${index + 1} is not JSON: ${(cause as Error).message}`, { cause });
    }
    return [rowOf(value, index + 1, list)];
  });
}

function rowOf(value: unknown, line: number, list: string): Row {
  const { success, output, issues } = v.safeParse(RowSchema, value);
  if (!success) {
    const [issue] = issues;
    const field = v.getDotPath(issue) ?? 'the line';
    const what = field === 'split' ? `split is ${issue.received}, it has to be train, validation, test or empty` : `${field}: ${issue.message}`;
    throw new StarsseError('data-invalid', `${list}, line ${line}: ${what}`);
  }
  return { line, file: output.file, label: output.label, set: output.split === '' || output.split === null ? 'train' : output.split };
}
