/** `starsse robustness <run>`: what corrupted images do to each row of the table, and whether unknown images are told from known ones. */
import { Option, type Command } from 'commander';
import path from 'node:path';
import { CORRUPTIONS, SEVERITIES, type Corruption, type Robustness, type UnknownReport } from '../../protocol/robustness.ts';
import { columns } from './columns.ts';
import { findRun } from './find-run.ts';
import { percent } from './numbers.ts';
import { count, jsonOption, nodeOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends RunsFolderOptions, JsonOptions {
  corruptions?: Corruption[];
  ood?: string;
  images?: number;
  node?: string;
}

export function addRobustness(program: Command, end: (code: number) => void): void {
  program
    .command('robustness <run>')
    .description('errors under 15 + 4 corruptions of the test images at 5 severities, and detection of unknown images; goes on where it was stopped')
    .addOption(new Option('--corruptions <names...>', 'which (default: all, or none with --ood)').choices(CORRUPTIONS))
    .option('--ood <folder>', 'a folder of images of none of the classes: AUROC, AUPR and FPR95 of telling them from the test images')
    .option('--images <n>', 'test images to corrupt, drawn at random (default: 1000)', count)
    .addOption(runsOption())
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, { corruptions, ood, images, runs, node, json = false }: Options) => {
      const folder = await findRun(named, runs);
      const request = { corruptions, images, unknown: ood === undefined ? undefined : path.resolve(ood) };
      const answer = await runTaskFromTerminal('robustness', [folder, JSON.stringify(request)], { json, node });
      if (json) printJson(answer);
      else printLines([...(answer.robustness === null ? [] : corruptionLines(answer.robustness)), ...(answer.unknown === null ? [] : unknownLines(answer.unknown))]);
      end(DONE);
    });
}

function corruptionLines({ images, bestMember, rows, cells, leftOut }: Robustness): string[] {
  const corruptions = CORRUPTIONS.filter((corruption) => cells.some((cell) => cell.corruption === corruption));
  const mean = (values: number[]): string => (values.length === 0 ? '' : percent(values.reduce((sum, value) => sum + value, 0) / values.length));
  const errors = (name: string, wanted: (cell: Robustness['cells'][number]) => boolean): number[] => cells.filter(wanted).flatMap((cell) => (name in cell.rows ? [cell.rows[name].error] : []));
  return [
    `errors on ${images} images`,
    ...columns(
      [
        ['', 'clean', 'mean corrupted', 'to the best member', ...SEVERITIES.map((severity) => `severity ${severity}`)],
        ...rows.map(({ name, clean, meanCorruptionError, relativeToBestMember }) => [
          name, percent(clean.error), meanCorruptionError === null ? '' : percent(meanCorruptionError), relativeToBestMember === null ? '' : percent(relativeToBestMember, 1),
          ...SEVERITIES.map((severity) => mean(errors(name, (cell) => cell.severity === severity))),
        ]),
      ],
      `lrrr${'r'.repeat(SEVERITIES.length)}`,
    ),
    '',
    ...columns([['mean over severities', ...rows.map(({ name }) => name)], ...corruptions.map((corruption) => [corruption, ...rows.map(({ name }) => mean(errors(name, (cell) => cell.corruption === corruption)))])], `l${'r'.repeat(rows.length)}`),
    '',
    `Mean corrupted: over the 15 corruptions of the mean corruption error; to the best member: that measure with ${bestMember} in place of AlexNet.`,
    ...(leftOut.length === 0 ? [] : [`Left out for grey images: ${leftOut.join(', ')}.`]),
  ];
}

function unknownLines({ folder, knownImages, unknownImages, unreadable, rows }: UnknownReport): string[] {
  const figures = (found: UnknownReport['rows'][number]['confidence'] | null): string[] => (found === null ? ['', '', ''] : [found.auroc, found.aupr, found.fpr95].map((value) => percent(value)));
  const three = (what: string): string[] => [`${what} AUROC`, 'AUPR', 'FPR95'];
  return [
    `${unknownImages} unknown images of ${folder} against ${knownImages} known ones`,
    ...columns([['', ...three('confidence'), ...three('entropy'), ...three('mutual information')], ...rows.map((row) => [row.name, ...figures(row.confidence), ...figures(row.entropy), ...figures(row.mutualInformation)])], 'lrrrrrrrrr'),
    ...(unreadable.length === 0 ? [] : ['', 'Not read:', ...unreadable.map((line) => `  ${line}`)]),
  ];
}
