/** `starsse resume <run>`: goes on with a run that was stopped, was interrupted or has failed. */
import type { Command } from 'commander';
import { resumeRun } from '../resume.ts';
import { findRun } from './find-run.ts';
import { follow } from './follow.ts';
import { jsonOption, nodeOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { readProfiles } from './profile.ts';
import { DONE, printJson, printLines, reportRun } from './report.ts';
import { personsStderr } from './run.ts';

export function addResume(program: Command, end: (code: number) => void): void {
  program
    .command('resume <run>')
    .description('go on with a run that was stopped, was interrupted or has failed; nothing is trained twice')
    .addOption(runsOption())
    .option('--detach', 'start and return; see `starsse watch`')
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, { runs, detach = false, json = false, node }: RunsFolderOptions & JsonOptions & { detach?: boolean; node?: string }) => {
      const folder = await findRun(named, runs);
      const { note } = await resumeRun(folder, { nodePath: node });
      if (note !== null) process.stderr.write(`${note}\n`);
      if (detach) {
        if (json) printJson({ folder, status: 'running' });
        else printLines([`The run goes on by itself: starsse watch ${folder}`]);
        return end(DONE);
      }
      const { run, left } = await follow(folder, { to: json ? personsStderr() : process.stdout, stops: true });
      end(reportRun(run, left, json, await readProfiles(run)));
    });
}
