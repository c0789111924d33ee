/** `starsse retry <run> [member...]`: failed members once more, at a lower learning rate. */
import type { Command } from 'commander';
import { LR_RATIO, retryMembers } from '../retry.ts';
import { findRun } from './find-run.ts';
import { follow } from './follow.ts';
import { jsonOption, memberName, nodeOption, ratio, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines, reportRun } from './report.ts';
import { personsStderr } from './run.ts';

interface Options extends RunsFolderOptions, JsonOptions {
  lrRatio: number;
  detach?: boolean;
  node?: string;
}

export function addRetry(program: Command, end: (code: number) => void): void {
  program
    .command('retry <run> [members...]')
    .description('train failed members (1 or member-1; default: all that failed) anew at a lower learning rate, and what could not start because of them')
    .option('--lr-ratio <ratio>', 'times the rate that failed; 1 goes on from where the member saved last', ratio, LR_RATIO)
    .addOption(runsOption())
    .option('--detach', 'start and return; see `starsse watch`')
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, members: string[], { lrRatio, runs, detach = false, json = false, node }: Options) => {
      const folder = await findRun(named, runs);
      const names = members.length === 0 ? null : members.map(memberName);
      const { retried, note } = await retryMembers(folder, names, lrRatio, { nodePath: node });
      if (note !== null) process.stderr.write(`${note}\n`);
      if (detach) {
        if (json) printJson({ folder, retried, status: 'running' });
        else printLines([`Once more at ${lrRatio} of the learning rate: ${retried.join(', ')}. The run goes on by itself: starsse watch ${folder}`]);
        return end(DONE);
      }
      const { run, left } = await follow(folder, { to: json ? personsStderr() : process.stdout, stops: true });
      end(reportRun(run, left, json));
    });
}
