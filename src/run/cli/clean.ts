/** `starsse clean`: lists what runs have left that nobody needs, and deletes it with --yes. */
import { rm } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { deleteLeftovers, LEFTOVER_KINDS, leftoversOf, type LeftoverKind } from '../cleaning.ts';
import { viewRuns } from '../view.ts';
import { columns } from './columns.ts';
import { runsFolderOf } from './find-run.ts';
import { amount } from './numbers.ts';
import { jsonOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';

interface Options extends RunsFolderOptions, JsonOptions {
  only?: LeftoverKind;
  yes?: boolean;
}

const WHAT: Record<LeftoverKind, string> = {
  resume: 'where finished members could have gone on',
  predictions: 'predictions of deleted soups',
  torn: 'left by a killed writer',
  distillation: 'an unfinished distillation',
  archived: 'the archived run',
};

export function addClean(program: Command, end: (code: number) => void): void {
  program
    .command('clean')
    .description('list what runs have left that nobody needs, with sizes; delete it with --yes')
    .addOption(new Option('--only <kind>', 'one kind of these').choices(LEFTOVER_KINDS))
    .option('--yes', 'delete what is listed, for good')
    .addOption(runsOption())
    .addOption(jsonOption())
    .action(async ({ runs, only, yes = false, json = false }: Options) => {
      const views = (await viewRuns(runsFolderOf(runs))).flatMap(({ view }) => view ?? []);
      const leftovers = (await Promise.all(views.map(leftoversOf))).flat().filter(({ kind }) => only === undefined || kind === only);
      const freedBytes = yes ? await deleteLeftovers(leftovers, async (folder) => rm(folder, { recursive: true }).then(() => true)) : null;
      if (json) printJson({ leftovers, freedBytes });
      else if (leftovers.length === 0) printLines(['Nothing to delete.']);
      else {
        printLines(columns(leftovers.map(({ run, kind, sizeBytes }) => [run.id, kind, `${amount(sizeBytes)}B`, WHAT[kind]]), 'llrl'));
        printLines([freedBytes === null ? 'Nothing was deleted; --yes deletes this.' : `Deleted ${amount(freedBytes)}B.`]);
      }
      end(DONE);
    });
}
