/** `starsse ls`: the runs of a runs folder, newest first. */
import type { Command } from 'commander';
import path from 'node:path';
import type { RunView } from '../../protocol/run.ts';
import { viewRuns } from '../view.ts';
import { columns } from './columns.ts';
import { runsFolderOf } from './find-run.ts';
import { percent } from './numbers.ts';
import { jsonOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';

export function addLs(program: Command, end: (code: number) => void): void {
  program
    .command('ls')
    .description('list runs, newest first')
    .addOption(runsOption())
    .addOption(jsonOption())
    .action(async ({ runs, json = false }: RunsFolderOptions & JsonOptions) => {
      const runsFolder = runsFolderOf(runs);
      const found = await viewRuns(runsFolder);
      if (json) printJson({ runsFolder, runs: found });
      else if (found.length === 0) printLines([`No runs in ${runsFolder}.`, 'Start one with `starsse run <plan>`, or name another folder with --runs.']);
      else {
        const rows = found.map(({ folder, view, error }) => (view === null ? [path.basename(folder), 'unreadable', '', '', error?.message ?? ''] : cells(view)));
        printLines(columns([['run', 'status', 'members', 'ensemble', 'name'], ...rows], 'lllrl'));
      }
      end(DONE);
    });
}

function cells({ id, status, members, name, results }: RunView): string[] {
  const done = members.filter(({ state }) => state.status === 'done').length;
  const ensemble = results?.rows.find(({ kind }) => kind === 'ensemble');
  return [id, status, `${done}/${members.length} done`, ensemble === undefined ? '' : percent(ensemble.accuracy), name];
}
