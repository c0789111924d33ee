/** `starsse distil <run>`: one network that predicts what an ensemble does. */
import { Option, type Command } from 'commander';
import { ENSEMBLE_MEANS, type EnsembleMean } from '../../protocol/ensemble-report.ts';
import { findRun } from './find-run.ts';
import { percent } from './numbers.ts';
import { count, jsonOption, membersOption, nodeOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { resultTable } from './result-table.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends RunsFolderOptions, JsonOptions {
  members?: string[];
  ensemble?: string;
  mean: EnsembleMean;
  epochs?: number;
  node?: string;
}

export function addDistil(program: Command, end: (code: number) => void): void {
  program
    .command('distil <run>')
    .description('train one network to predict what an ensemble does, beside the soups at their cost, by the plan\'s recipe with the ensemble\'s probabilities in place of labels (and of their smoothing); goes on where it was stopped')
    .addOption(membersOption())
    .option('--ensemble <name>', 'an ensemble of the table, with its weights, in place of members')
    .addOption(new Option('--mean <what>', 'the mean of probabilities or of logits').choices(ENSEMBLE_MEANS).default('probability'))
    .option('--epochs <n>', 'how long (default: as member 1)', count)
    .addOption(runsOption())
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, { members, ensemble, mean, epochs, runs, node, json = false }: Options) => {
      const folder = await findRun(named, runs);
      const made = await runTaskFromTerminal('distil', [folder, JSON.stringify({ members, ensemble, mean, epochs })], { json, node });
      if (json) printJson(made);
      else printLines([...resultTable(made.table), '', `${made.added} is in the table: trained for ${made.epochs} epochs, it agrees with the ensemble on ${percent(made.agreement)} of the images.`]);
      end(DONE);
    });
}
