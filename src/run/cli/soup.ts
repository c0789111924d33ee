/** `starsse soup <run>` and `starsse average <files>`: one network from several. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { FILE_RULES, SOUP_RULES, type GatedMember, type SoupReport, type SoupSettings } from '../../protocol/soup.ts';
import type { AddedSoup } from '../task-lines.ts';
import { findRun } from './find-run.ts';
import { count, jsonOption, membersOption, nodeOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { resultTable } from './result-table.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface SoupOptions extends RunsFolderOptions, JsonOptions, SoupSettings {
  members?: string[];
  node?: string;
  rule: string;
  statistics: string;
  insist?: boolean;
  thresholdError?: number;
  thresholdLoss?: number;
  thresholdQuality?: number;
}

export function addSoup(program: Command, end: (code: number) => void): void {
  const command = program
    .command('soup <run>')
    .description('average the weights of members that are in one basin into one network, with batch-norm statistics estimated anew')
    .addOption(membersOption())
    .addOption(new Option('--rule <rule>', 'what is selected or learned is so on validation data').choices(SOUP_RULES).default('uniform'));
  addSettings(command)
    .addOption(new Option('--per-layer', 'learned: shares of each layer\'s own'))
    .addOption(new Option('--steps <count>', 'learned: steps (default: 30)').argParser(count))
    .addOption(new Option('--statistics <how>', 'of batch norm: estimated anew on the training images, or averaged like weights').choices(['re-estimate', 'average']).default('re-estimate'))
    .addOption(new Option('--insist', 'take members outside the basin as well'))
    .addOption(new Option('--threshold-error <share>', 'a barrier of error above twice this is outside the basin (default: 0.02)').argParser(number))
    .addOption(new Option('--threshold-loss <nats>', 'the same of loss (default: 0.1)').argParser(number))
    .addOption(new Option('--threshold-quality <share>', 'how far below the best member on validation data a member may be (default: 0.1, more where there are fewer than 100 images)').argParser(number))
    .addOption(runsOption())
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, options: SoupOptions) => {
      const { members, rule, statistics, insist, runs, node, json = false, thresholdError: error, thresholdLoss: loss, thresholdQuality: quality } = options;
      const folder = await findRun(named, runs);
      const request = { members, rule, settings: settingsOf(options), statistics, insist, threshold: { error, loss, quality } };
      show(await runTaskFromTerminal('soup', [folder, JSON.stringify(request)], { json, node }), json);
      end(DONE);
    });
}

export function addAverage(program: Command, end: (code: number) => void): void {
  const command = program
    .command('average <files...>')
    .description('mix safetensors files of one network into one, whoever wrote them; nothing is evaluated')
    .requiredOption('--out <file>', 'the new file')
    .option('--base <file>', 'the pre-trained network: for wise-ft, ties, dare, model-stock')
    .addOption(new Option('--rule <rule>').choices(FILE_RULES).default('uniform'));
  addSettings(command)
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (files: string[], options: SoupSettings & JsonOptions & { out: string; base?: string; rule: string; node?: string }) => {
      const { out, base, rule, node, json = false } = options;
      const answer = await runTaskFromTerminal('average', [JSON.stringify({ files, out, base, rule, settings: settingsOf(options) })], { json, node });
      if (json) printJson(answer);
      else printLines([`${answer.file}: ${answer.tensors} tensors of ${files.length} files`]);
      end(DONE);
    });
}

function addSettings(command: Command): Command {
  return command
    .addOption(new Option('--weights <weights...>', 'weighted: one each, in the order of the members').argParser((text: string, before: number[] | undefined) => [...(before ?? []), ...text.split(',').map(number)]))
    .addOption(new Option('--alpha <share>', 'wise-ft: 0 is the pre-trained network, 1 the members').argParser(number))
    .addOption(new Option('--at <share>', 'slerp: 0 is the first, 1 the second (default: 0.5)').argParser(number))
    .addOption(new Option('--density <share>', 'ties: the share of the largest changes that stays (default: 0.2)').argParser(number))
    .addOption(new Option('--drop <share>', 'dare: the share of the changes that is dropped (default: 0.9)').argParser(number))
    .addOption(new Option('--scale <factor>', 'ties, dare: how far to go from the pre-trained weights (default: 1)').argParser(number))
    .addOption(new Option('--seed <number>', 'dare: of what is dropped').argParser(number));
}

function settingsOf({ weights, alpha, at, density, drop, scale, seed, perLayer, steps }: SoupSettings): SoupSettings {
  return { weights, alpha, at, density, drop, scale, seed, perLayer, steps };
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError(`"${text}" is no number.`);
  return value;
}

function show({ table, added, gate }: AddedSoup, json: boolean): void {
  if (json) printJson({ added, table, gate });
  else printLines([...resultTable(table), '', ...(gate === null ? [] : gateLines(gate)), `${added ?? 'Nothing'} is in the table.`]);
}

function gateLines({ threshold, members }: SoupReport): string[] {
  return [
    `Looked at on validation data; outside the basin is a barrier above twice ${threshold.loss} nats or ${points(threshold.error)} of error:`,
    ...members.map(memberLine),
    '',
  ];
}

function memberLine({ name, quality, verdict, lossBarrier, errorBarrier, taken, reason }: GatedMember): string {
  const barrier = verdict === null ? 'the best: the others are compared with it' : `${verdict}: barrier ${lossBarrier === null ? 'infinite' : lossBarrier.toFixed(3)} nats, ${points(errorBarrier ?? 0)} of error`;
  const left = reason === null ? '' : taken ? ` (taken all the same: ${reason})` : ` LEFT OUT: ${reason}`;
  return `  ${name}  ${(100 * quality).toFixed(1)} %  ${barrier}${left}`;
}

function points(share: number): string {
  return `${(100 * share).toFixed(1)} points`;
}
