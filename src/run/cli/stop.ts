/** `starsse stop <run>`: asks a run to finish its step and save, and waits until it has. */
import type { Command } from 'commander';
import { setTimeout as wait } from 'node:timers/promises';
import { StarsseError } from '../../protocol/errors.ts';
import { requestStop } from '../requests.ts';
import { viewRun } from '../view.ts';
import { findRun } from './find-run.ts';
import { jsonOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, FAILED, printJson, printLines } from './report.ts';

const LOOK_MS = 200;

export function addStop(program: Command, end: (code: number) => void): void {
  program
    .command('stop <run>')
    .description('finish the step, save and end; `starsse resume` goes on')
    .addOption(runsOption())
    .addOption(jsonOption())
    .action(async (named: string, { runs, json = false }: RunsFolderOptions & JsonOptions) => {
      const folder = await findRun(named, runs);
      let { status, id } = await viewRun(folder);
      if (status !== 'running' && status !== 'evaluating') throw new StarsseError('usage', `the run ${id} is not running: it is ${status}`);
      await requestStop(folder);
      while (status === 'running' || status === 'evaluating') {
        await wait(LOOK_MS);
        ({ status, id } = await viewRun(folder));
      }
      if (json) printJson({ id, folder, status });
      else printLines([status === 'stopped' ? `Stopped. Go on with: starsse resume ${folder}` : `The run ${id} ended by itself: ${status}`]);
      end(status === 'stopped' || status === 'done' ? DONE : FAILED);
    });
}
