/** `starsse csv <run>`: the rows, the result table and the per-class tables for spreadsheets and other programs. */
import type { Command } from 'commander';
import path from 'node:path';
import { writeRunCsv } from '../records/run-csv.ts';
import { findRun } from './find-run.ts';
import { jsonOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';

export function addCsv(program: Command, end: (code: number) => void): void {
  program
    .command('csv <run>')
    .description('write the rows of every member, the result table and the per-class tables as CSV files')
    .option('--out <folder>', 'where to (default: csv in the run folder)')
    .addOption(runsOption())
    .addOption(jsonOption())
    .action(async (named: string, { out, runs, json = false }: RunsFolderOptions & JsonOptions & { out?: string }) => {
      const folder = await findRun(named, runs);
      const files = await writeRunCsv(folder, path.resolve(out ?? path.join(folder, 'csv')));
      if (json) printJson({ files });
      else printLines(files.map(({ file, rows }) => `${file}  ${rows} rows`));
      end(DONE);
    });
}
