/** `starsse data <plan>`: what a plan's data are, and what is wrong with them. */
import path from 'node:path';
import type { Command } from 'commander';
import type { DataProblem, DataReport } from '../../protocol/data-report.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { columns } from './columns.ts';
import { amount } from './numbers.ts';
import { jsonOption, nodeOption, type JsonOptions } from './options.ts';
import { DONE, MISTAKE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends JsonOptions {
  sheet?: string;
  clearCache?: boolean;
  node?: string;
}

/** Problems name so many of their examples here; --json names more. */
const MOST_NAMED = 8;

export function addData(program: Command, end: (code: number) => void): void {
  program
    .command('data [plan]')
    .description('count the data of a plan and list what is wrong with them: unreadable files, the same image in two sets, classes with few examples')
    .option('--sheet <file.png>', 'draw some training images of each class, one row a class')
    .option('--clear-cache', 'remove decoded images from the cache folder; runs decode again what they need')
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (plan: string | undefined, { sheet, clearCache = false, json = false, node }: Options) => {
      if (plan === undefined && !clearCache) throw new StarsseError('usage', 'data needs a plan', { hint: 'Give the path of a *.starsse.json file, or --clear-cache.' });
      const cleared = clearCache ? await runTaskFromTerminal('clear-data-cache', [], { json, node }) : null;
      if (cleared !== null && (plan === undefined || !json)) {
        if (json) printJson(cleared);
        else printLines([`${cleared.folder}: removed ${amount(cleared.freedBytes)}B of ${cleared.removed} ${cleared.removed === 1 ? 'set' : 'sets'}`]);
      }
      if (plan === undefined) return end(DONE);
      const request = sheet === undefined ? {} : { sheet: path.resolve(sheet) };
      const report = await runTaskFromTerminal('data', [path.resolve(plan), JSON.stringify(request)], { json, node });
      if (json) printJson(report);
      else printLines(linesOf(report));
      end(report.problems.some(({ severity }) => severity === 'refused') ? MISTAKE : DONE);
    });
}

function linesOf(report: DataReport): string[] {
  const { kind, values, shape, classes, sets, unused, sizes, problems, cache, sheet } = report;
  const [height, width, channels] = shape;
  const refused = problems.filter(({ severity }) => severity === 'refused');
  return [
    `${kind}: ${values === 'features' ? `${channels} features` : `images of ${width} x ${height} x ${channels}`}, ${classes.length} classes`,
    ...(sizes === null ? [] : [`files: smallest ${sizes.smallest.join(' x ')}, median ${sizes.median.join(' x ')}, largest ${sizes.largest.join(' x ')}`]),
    '',
    ...columns(
      [
        ['class', ...sets.map(({ name }) => name)],
        ...classes.map((name, label) => [name, ...sets.map(({ perClass }) => String(perClass[label]))]),
        ['all', ...sets.map(({ examples }) => String(examples))],
      ],
      'lrrr',
    ),
    ...(unused === 0 ? [] : [`${unused} more are left over`]),
    '',
    ...(problems.length === 0 ? ['No problems.'] : problems.flatMap(problemLines)),
    ...(refused.length === 0 ? [] : ['', 'A run on these data is refused.']),
    ...(cache.sizeBytes === 0 ? [] : ['', `Decoded images: ${amount(cache.sizeBytes)}B in ${cache.folder} (--clear-cache removes them)`]),
    ...(sheet === null ? [] : ['', `Contact sheet, one row a class: ${sheet}`]),
  ];
}

function problemLines({ severity, message, count, examples }: DataProblem): string[] {
  const named = examples.slice(0, MOST_NAMED);
  return [`${severity === 'refused' ? '✗' : '!'} ${message}`, ...named.map((example) => `    ${example}`), ...(count > named.length ? [`    and ${count - named.length} more`] : [])];
}
