/** A run as CSV files: the rows of its members, the result table, classes and confusions. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ClassTablesSchema, ResultTableSchema, type ClassTables, type ResultTable } from '../../protocol/results.ts';
import { readJsonInside, readRun, runFiles } from '../folder.ts';
import { diskError, replaceFile } from '../write.ts';
import { csvText, type Cell } from './csv.ts';
import { validRows } from './valid-rows.ts';

export interface WrittenCsv {
  file: string;
  /** Without the heading. */
  rows: number;
}

const ROW_COLUMNS = [
  'member', 'kind', 'step', 'epoch', 'loss', 'accuracy', 'learningRate', 'trainLoss', 'validationLoss', 'validationAccuracy', 'imagesPerSecond', 'waitMs', 'waitShare', 'wallMs',
  'distanceToStart', 'distanceToPretrained', 'distanceToMember1', 'cosineToFirst',
] as const;
const TABLE_COLUMNS = [
  'name', 'kind', 'members', 'accuracy', 'meanPerClassAccuracy', 'nll', 'calibratedNll', 'brier', 'ece', 'validationAccuracy', 'validationMeanPerClassAccuracy',
  'difference', 'differenceLow', 'differenceHigh', 'forwardPasses', 'macs',
] as const;

/**
 * Writes rows.csv and, where the run has its table, table.csv, classes.csv and confusion.csv.
 * @throws StarsseError file-missing, file-invalid, disk
 */
export async function writeRunCsv(folder: string, out: string): Promise<WrittenCsv[]> {
  const run = await readRun(folder);
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw diskError(error, out);
  });
  const written: WrittenCsv[] = [];
  const write = async (name: string, heading: readonly string[], rows: Cell[][]): Promise<void> => {
    const file = path.join(out, name);
    await replaceFile(file, [csvText(heading, rows)]);
    written.push({ file, rows: rows.length });
  };
  const rows: Cell[][] = [];
  for (const { name } of run.members) for (const row of await validRows(runFiles.rows(folder, name))) rows.push(ROW_COLUMNS.map((column) => cellOf({ ...row, member: name }, column)));
  await write('rows.csv', ROW_COLUMNS, rows);
  const table = await readJsonInside(folder, runFiles.table(folder), ResultTableSchema);
  if (table !== null) await write('table.csv', TABLE_COLUMNS, tableRows(table));
  const classes = await readJsonInside(folder, runFiles.classes(folder), ClassTablesSchema);
  if (classes !== null) {
    await write('classes.csv', ['name', 'class', 'count', 'recall', 'precision', 'f1'], classRows(classes));
    await write('confusion.csv', ['name', 'class', 'predicted', 'images'], confusionRows(classes));
  }
  return written;
}

function tableRows({ rows }: ResultTable): Cell[][] {
  return rows.map((row) => {
    const { differenceToBest: difference } = row;
    const flat = { ...row, members: row.members.join(' '), difference: difference?.estimate, differenceLow: difference?.low, differenceHigh: difference?.high };
    return TABLE_COLUMNS.map((column) => cellOf(flat, column));
  });
}

function classRows({ tables }: ClassTables): Cell[][] {
  return tables.flatMap(({ name, classes }) => classes.map((each): Cell[] => [name, each.name, each.count, each.recall, each.precision, each.f1]));
}

function confusionRows({ tables }: ClassTables): Cell[][] {
  return tables.flatMap(({ name, classes, confusion }) => confusion.map(([label, predicted, images]): Cell[] => [name, classes[label].name, classes[predicted].name, images]));
}

function cellOf(row: object, column: string): Cell {
  const value = new Map<string, unknown>(Object.entries(row)).get(column);
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}
