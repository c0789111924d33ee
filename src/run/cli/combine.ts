/** `starsse soup <run>`: one network from several members. */
import { Option, type Command } from 'commander';
import type { Added } from '../task-lines.ts';
import { findRun } from './find-run.ts';
import { jsonOption, membersOption, nodeOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { resultTable } from './result-table.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends RunsFolderOptions, JsonOptions {
  members?: string[];
  node?: string;
}

export function addSoup(program: Command, end: (code: number) => void): void {
  program
    .command('soup <run>')
    .description('average the weights of members into one network, with batch-norm statistics estimated anew')
    .addOption(membersOption())
    .addOption(new Option('--rule <rule>', 'uniform = the mean of all; greedy = the best member, and each next one that makes the mean better on validation data').choices(['uniform', 'greedy']).default('uniform'))
    .addOption(runsOption())
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, { members, rule, runs, node, json = false }: Options & { rule: string }) => {
      const folder = await findRun(named, runs);
      show(await runTaskFromTerminal('soup', [folder, JSON.stringify({ members, rule })], { json, node }), json);
      end(DONE);
    });
}

function show({ table, added }: Added, json: boolean): void {
  if (json) printJson({ added, table });
  else printLines([...resultTable(table), '', `${added ?? 'Nothing'} is in the table.`]);
}
