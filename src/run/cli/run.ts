/** `starsse run <plan>`: makes the run folder, starts the supervisor and shows the run until it ends. */
import type { Command } from 'commander';
import path from 'node:path';
import type { BackendChoice } from '../../protocol/plan.ts';
import { startSupervisor } from '../tasks.ts';
import { follow } from './follow.ts';
import { runsFolderOf } from './find-run.ts';
import { backendOption, count, jsonOption, nodeOption } from './options.ts';
import { readProfiles } from './profile.ts';
import { DONE, printJson, printLines, reportRun } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options {
  runs?: string;
  backend?: BackendChoice;
  workers?: number;
  threads?: number;
  membersPerGpu?: number;
  retryLowerLr?: number;
  profile?: boolean;
  install?: boolean;
  detach?: boolean;
  json?: boolean;
  node?: string;
}

export function addRun(program: Command, end: (code: number) => void): void {
  program
    .command('run <plan>')
    .description('run a plan (*.starsse.json): train its members, then make soup, ensemble and the result table')
    .option('--runs <folder>', "the runs folder (default: .starsse/runs in the plan's folder)")
    .addOption(backendOption())
    .option('--workers <n>', 'members that train side by side', count)
    .option('--threads <n>', 'threads of each', count)
    .option('--members-per-gpu <n>', 'members that share one NVIDIA card at most, where they fit (default: 1)', count)
    .option('--retry-lower-lr <n>', 'try a member that diverges again, up to n times, each time at half its learning rate', count)
    .option('--profile', "write down where a step's time goes: a table at the end, members/<name>/trace.json for chrome://tracing")
    .option('--install', 'get the native TensorFlow library first, where it is missing; without it the best back end there is')
    .option('--detach', 'start and return; see `starsse watch`')
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (plan: string, { runs, backend, workers, threads, membersPerGpu, retryLowerLr, profile, install, detach = false, json = false, node }: Options) => {
      const runsFolder = runsFolderOf(runs, path.dirname(plan));
      const overrides = { backend, workers, threads, membersPerGpu, retries: retryLowerLr, profile, install };
      const { folder, id, warnings } = await runTaskFromTerminal('create', [path.resolve(plan), runsFolder, JSON.stringify(overrides)], { json, node });
      for (const warning of warnings) process.stderr.write(`Data: ${warning}\n`);
      const { note } = await startSupervisor(folder, { nodePath: node });
      if (note !== null) process.stderr.write(`${note}\n`);
      if (detach) {
        if (json) printJson({ id, folder, status: 'running' });
        else printLines([`Run ${id} goes on by itself: starsse watch ${folder}`, `Run folder: ${folder}`]);
        return end(DONE);
      }
      const { run, left } = await follow(folder, { to: json ? personsStderr() : process.stdout, stops: true });
      end(reportRun(run, left, json, await readProfiles(run)));
    });
}

/** Where progress may go while stdout is for one JSON object. */
export function personsStderr(): NodeJS.WriteStream | null {
  return process.stderr.isTTY ? process.stderr : null;
}
