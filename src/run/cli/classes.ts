/** `starsse classes <run> [name]`: how well each class is recognised, and what is taken for what. */
import type { Command } from 'commander';
import { StarsseError } from '../../protocol/errors.ts';
import { ClassTablesSchema, type ClassTable, type ClassTables } from '../../protocol/results.ts';
import { readJsonInside, runFiles } from '../folder.ts';
import { columns } from './columns.ts';
import { findRun } from './find-run.ts';
import { percent } from './numbers.ts';
import { jsonOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';

/** Above so many classes the matrix is wider than a terminal: the commonest mistakes are listed instead. */
const MATRIX_CLASSES = 20;
const MISTAKES = 20;

export function addClasses(program: Command, end: (code: number) => void): void {
  program
    .command('classes <run> [name]')
    .description('show recall, precision and F1 of every class, and the confusion matrix, of a member, soup or ensemble (default: the last in the table)')
    .addOption(runsOption())
    .addOption(jsonOption())
    .action(async (named: string, name: string | undefined, { runs, json = false }: RunsFolderOptions & JsonOptions) => {
      const { tables, ...measured } = await readClassTables(await findRun(named, runs));
      const table = name === undefined ? tables.at(-1) : tables.find((each) => each.name === name);
      const there = tables.map((each) => each.name).join(', ');
      if (table === undefined) throw new StarsseError('usage', `"${name ?? ''}" is not in the result table`, { hint: `There are: ${there}.` });
      if (json) printJson({ ...measured, ...table });
      else printLines([...classLines(table, measured), '', `In the table: ${there}.`]);
      end(DONE);
    });
}

/** @throws StarsseError usage before the first result table */
export async function readClassTables(folder: string): Promise<ClassTables> {
  const tables = await readJsonInside(folder, runFiles.classes(folder), ClassTablesSchema);
  if (tables === null) {
    throw new StarsseError('usage', `${folder} has no per-class tables`, { hint: 'They are made with the result table when the members are done; `starsse ensemble` makes both anew.' });
  }
  return tables;
}

/** The per-class table and the confusion matrix. */
export function classLines(table: ClassTable, { images, measuredOn }: Omit<ClassTables, 'tables'>): string[] {
  const share = (value: number | null) => (value === null ? '-' : percent(value));
  const rows = table.classes.map(({ name, count, recall, precision, f1 }, label) => [String(label), name, String(count), share(recall), share(precision), share(f1)]);
  return [
    `${table.name} on ${images} ${measuredOn} images`,
    '',
    ...columns([['', 'class', 'images', 'recall', 'precision', 'F1'], ...rows], 'rlrrrr'),
    '',
    ...(table.classes.length <= MATRIX_CLASSES ? matrixLines(table) : mistakeLines(table)),
  ];
}

function matrixLines({ classes, confusion }: ClassTable): string[] {
  const cells = classes.map(({ name }, label) => [String(label), name, ...classes.map(() => '.')]);
  for (const [label, predicted, images] of confusion) cells[label][2 + predicted] = String(images);
  const heading = ['', '', ...classes.map((_, label) => String(label))];
  return ['Images of each class (rows) by predicted class (columns):', ...columns([heading, ...cells], `rl${'r'.repeat(classes.length)}`)];
}

function mistakeLines({ classes, confusion }: ClassTable): string[] {
  const mistakes = confusion.filter(([label, predicted]) => label !== predicted).sort(([, , a], [, , b]) => b - a);
  if (mistakes.length === 0) return ['No image was taken for another class.'];
  const rows = mistakes.slice(0, MISTAKES).map(([label, predicted, images]) => [String(images), classes[label].name, `taken for ${classes[predicted].name}`]);
  return [`The commonest mistakes, of ${mistakes.length} kinds (--json has all):`, ...columns(rows, 'rll')];
}
