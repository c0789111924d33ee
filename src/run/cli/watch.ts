/** `starsse watch <run>`: shows a run that goes on, or how it ended. */
import type { Command } from 'commander';
import { findRun } from './find-run.ts';
import { follow } from './follow.ts';
import { jsonOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { readProfiles } from './profile.ts';
import { reportRun } from './report.ts';
import { personsStderr } from './run.ts';

export function addWatch(program: Command, end: (code: number) => void): void {
  program
    .command('watch <run>')
    .description('show a run until it ends; Ctrl-C leaves it running')
    .addOption(runsOption())
    .addOption(jsonOption())
    .action(async (named: string, { runs, json = false }: RunsFolderOptions & JsonOptions) => {
      const folder = await findRun(named, runs);
      const { run, left } = await follow(folder, { to: json ? personsStderr() : process.stdout, stops: false });
      end(reportRun(run, left, json, await readProfiles(run)));
    });
}
