/** `starsse report <run>`: one page about a run, and the same as Markdown. */
import type { Command } from 'commander';
import path from 'node:path';
import { readRun } from '../folder.ts';
import { writeReport } from '../report/write-report.ts';
import { findRun } from './find-run.ts';
import { jsonOption, nodeOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends RunsFolderOptions, JsonOptions {
  node?: string;
  out?: string;
  complete?: boolean;
}

export function addReport(program: Command, end: (code: number) => void): void {
  program
    .command('report <run>')
    .description('write report.html, one page that needs nothing else, and report.md: recipe, results, cost, curves, basin, calibration, and what may be concluded')
    .option('--out <folder>', 'where to (default: the run folder)')
    .option('--complete', 'first measure the basin, a plane, sharpness, calibration and diversity')
    .addOption(runsOption())
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, { out, complete = false, runs, node, json = false }: Options) => {
      const folder = await findRun(named, runs);
      if (complete) await measureEverything(folder, { json, node });
      const written = await writeReport(folder, path.resolve(out ?? folder));
      if (json) printJson(written);
      else printLines([written.html, written.markdown]);
      end(DONE);
    });
}

/** What is there from an earlier time is kept by the analyses themselves. */
async function measureEverything(folder: string, options: { json: boolean; node: string | undefined }): Promise<void> {
  const { members } = await readRun(folder);
  await runTaskFromTerminal('basin', [folder, '{}'], options);
  if (members.length >= 3) await runTaskFromTerminal('plane', [folder, JSON.stringify({ kind: 'plane', networks: members.slice(0, 3).map(({ name }) => name), sets: ['test'], size: 9, images: 500 })], options);
  // A Hessian product costs six forward passes: fewer images and products than the command of its own takes.
  await runTaskFromTerminal('sharpness', [folder, JSON.stringify({ images: 200, iterations: 20, samples: 5, draws: 2 })], options);
  const { table } = await runTaskFromTerminal('table', [folder], options);
  for (const { name, kind } of table.rows) {
    if (kind === 'ensemble' || kind === 'soup' || name === table.bestMember) await runTaskFromTerminal('measures', [folder, JSON.stringify({ name, ...(name === table.bestMember ? {} : { against: table.bestMember }) })], options);
  }
  if (members.length > 1) await runTaskFromTerminal('ensemble', [folder, '{}'], options);
}
