/** `starsse export <run> [name]`: a member, a soup or an ensemble for other programs. */
import { Option, type Command } from 'commander';
import path from 'node:path';
import { EXPORT_FORMATS, type ExportFormat } from '../../protocol/export.ts';
import { columns } from './columns.ts';
import { findRun } from './find-run.ts';
import { amount } from './numbers.ts';
import { jsonOption, nodeOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends RunsFolderOptions, JsonOptions {
  format: ExportFormat;
  out: string;
  node?: string;
}

export function addExport(program: Command, end: (code: number) => void): void {
  program
    .command('export <run> [name]')
    .description('write a member, a soup or an ensemble (default: the best member) for other programs, with a model card')
    .addOption(new Option('--format <format>', 'safetensors, a TensorFlow.js layers model, or the card alone').choices(EXPORT_FORMATS).makeOptionMandatory())
    .requiredOption('--out <folder>', 'the folder to make; it must not exist, or be empty')
    .addOption(runsOption())
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, name: string | undefined, { format, out, runs, node, json = false }: Options) => {
      const folder = await findRun(named, runs);
      const exported = await runTaskFromTerminal('export', [folder, JSON.stringify({ name, format, out: path.resolve(out) })], { json, node });
      if (json) printJson(exported);
      else printLines([`${exported.name} is in ${exported.folder}:`, ...columns(exported.files.map(({ name, sizeBytes }) => [name, `${amount(sizeBytes)}B`]), 'lr')]);
      end(DONE);
    });
}
