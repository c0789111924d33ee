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

interface Options extends RunsFolderOptions, JsonOptions {
  tag?: string;
  archived?: boolean;
}

export function addLs(program: Command, end: (code: number) => void): void {
  program
    .command('ls')
    .description('list runs, newest first')
    .option('--tag <tag>', 'only runs with this tag')
    .option('--archived', 'archived ones too')
    .addOption(runsOption())
    .addOption(jsonOption())
    .action(async ({ runs, tag, archived = false, json = false }: Options) => {
      const runsFolder = runsFolderOf(runs);
      const all = await viewRuns(runsFolder);
      const found = all.filter(({ view }) => (tag === undefined || view?.labels.tags.includes(tag)) && (archived || !view?.labels.archived));
      if (json) printJson({ runsFolder, runs: found });
      else if (found.length === 0 && all.length > 0) printLines([`None of the ${all.length} runs in ${runsFolder} fits.`, 'Leave --tag out, or give --archived.']);
      else if (found.length === 0) printLines([`No runs in ${runsFolder}.`, 'Start one with `starsse run <plan>`, or name another folder with --runs.']);
      else {
        const rows = found.map(({ folder, view, error }) => (view === null ? [path.basename(folder), 'unreadable', '', '', error?.message ?? ''] : cells(view)));
        printLines(columns([['run', 'status', 'members', 'ensemble', 'name'], ...rows], 'lllrl'));
      }
      end(DONE);
    });
}

function cells({ id, status, members, name, labels, results }: RunView): string[] {
  const done = members.filter(({ state }) => state.status === 'done').length;
  const ensemble = results?.rows.find(({ kind }) => kind === 'ensemble');
  return [id, status, `${done}/${members.length} done`, ensemble === undefined ? '' : percent(ensemble.accuracy), [name, ...labels.tags.map((each) => `#${each}`), ...(labels.archived ? ['(archived)'] : [])].join(' ')];
}
