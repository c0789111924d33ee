/** `starsse rename`, `starsse tag` and `starsse archive`: what people write on runs. */
import type { Command } from 'commander';
import { StarsseError } from '../../protocol/errors.ts';
import type { LabelsChange } from '../../protocol/labels.ts';
import { changeLabels } from '../labels.ts';
import { findRun } from './find-run.ts';
import { jsonOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';

interface Options extends RunsFolderOptions, JsonOptions {
  remove?: boolean;
  undo?: boolean;
}

export function addRename(program: Command, end: (code: number) => void): void {
  program
    .command('rename <run> [name]')
    .description("call a run something else than its plan does; without a name by the plan's again")
    .addOption(runsOption())
    .addOption(jsonOption())
    .action(async (named: string, name: string | undefined, options: Options) => {
      await change(named, { name: name ?? null }, options);
      end(DONE);
    });
}

export function addTag(program: Command, end: (code: number) => void): void {
  program
    .command('tag <run> <tags...>')
    .description('put tags on a run, one word each; `starsse ls --tag` finds them')
    .option('--remove', 'take them off')
    .addOption(runsOption())
    .addOption(jsonOption())
    .action(async (named: string, tags: string[], options: Options) => {
      await change(named, options.remove ? { removeTags: tags } : { addTags: tags }, options);
      end(DONE);
    });
}

export function addArchive(program: Command, end: (code: number) => void): void {
  program
    .command('archive <runs...>')
    .description('put runs away: lists leave them out, `starsse ls --archived` shows them too')
    .option('--undo', 'bring them back')
    .addOption(runsOption())
    .addOption(jsonOption())
    .action(async (named: string[], options: Options) => {
      if (options.json && named.length > 1) throw new StarsseError('usage', `--json is for one run, and ${named.length} are named`);
      for (const run of named) await change(run, { archived: !options.undo }, options);
      end(DONE);
    });
}

async function change(named: string, change: LabelsChange, { runs, json = false }: Options): Promise<void> {
  const folder = await findRun(named, runs);
  const labels = await changeLabels(folder, change);
  if (json) return printJson({ folder, labels });
  const tags = labels.tags.map((tag) => ` #${tag}`).join('');
  printLines([`${folder}: ${labels.name ?? "the plan's name"}${tags}${labels.archived ? ', archived' : ''}`]);
}
