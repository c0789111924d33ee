/** `starsse ensemble <run>`: one prediction from members of one or several runs, by arithmetic on what is stored. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { ENSEMBLE_MEANS, ENSEMBLE_SELECTIONS, type EnsembleMean, type EnsembleReport, type EnsembleSelection } from '../../protocol/ensemble-report.ts';
import type { EnsembleMade } from '../task-lines.ts';
import { columns } from './columns.ts';
import { findRun } from './find-run.ts';
import { comparisonLines, measuresLines } from './measures.ts';
import { percent } from './numbers.ts';
import { jsonOption, memberName, nodeOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { resultTable } from './result-table.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

/** A member as the user names it; `run` is null for the run of the command. */
interface Named {
  run: string | null;
  name: string;
}

interface Options extends RunsFolderOptions, JsonOptions {
  members?: Named[];
  with?: string[];
  mean: EnsembleMean;
  weights?: number[];
  select?: EnsembleSelection;
  against?: string;
  node?: string;
}

export function addEnsemble(program: Command, end: (code: number) => void): void {
  program
    .command('ensemble <run>')
    .description('average what members predict, of this run and of others on the same data; report accuracy, calibration and diversity')
    .addOption(membersArgument())
    .addOption(new Option('--with <runs...>', 'other runs, all of whose members join'))
    .addOption(new Option('--mean <what>', 'the mean of probabilities or of logits').choices(ENSEMBLE_MEANS).default('probability'))
    .addOption(new Option('--weights <weights...>', 'one a member: this run\'s in the order of their numbers, then the others\'').argParser(numbers))
    .addOption(new Option('--select <rule>', 'choose among the members on validation data: greedy = with replacement (Caruana 2004), best = of all subsets, up to 12 members').choices(ENSEMBLE_SELECTIONS))
    .option('--against <name>', 'compare with a row of the table: paired intervals and McNemar')
    .addOption(runsOption())
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, options: Options) => {
      const { mean, weights, select, against, node, json = false } = options;
      const folder = await findRun(named, options.runs);
      const request = { ...(await whose(options)), mean, weights, select, against };
      const made = await runTaskFromTerminal('ensemble', [folder, JSON.stringify(request)], { json, node });
      if (json) printJson(made);
      else printLines(linesOf(made));
      end(DONE);
    });
}

/** Members of this run by name or number; of another as its id, or the beginning of one, a slash and the same: `20261126/2`. */
function membersArgument(): Option {
  return new Option('--members <members...>', 'which members, by name or number; of another run as RUN/3 (default: all)').argParser((value: string, before: Named[] | undefined) => [
    ...(before ?? []),
    ...value.split(',').filter((part) => part !== '').map((part): Named => {
      const slash = part.lastIndexOf('/');
      return slash < 0 ? { run: null, name: memberName(part) } : { run: part.slice(0, slash), name: memberName(part.slice(slash + 1)) };
    }),
  ]);
}

/** The task's `members` and `others`. */
async function whose({ members, with: all = [], runs }: Options): Promise<{ members: string[] | undefined; others: { run: string; members?: string[] }[] }> {
  const others = new Map<string, string[] | undefined>();
  for (const run of all) others.set(await findRun(run, runs), undefined);
  for (const { run, name } of members ?? []) {
    if (run === null) continue;
    const folder = await findRun(run, runs);
    if (others.has(folder) && others.get(folder) === undefined) continue;
    others.set(folder, [...(others.get(folder) ?? []), name]);
  }
  return {
    members: members?.flatMap(({ run, name }) => (run === null ? [name] : [])),
    others: Array.from(others, ([run, names]) => ({ run, ...(names === undefined ? {} : { members: names }) })),
  };
}

function numbers(text: string, before: number[] | undefined): number[] {
  const read = text.split(',').filter((part) => part !== '').map((part) => {
    const value = Number(part);
    if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError(`"${part}" is no weight. Weights are numbers from 0.`);
    return value;
  });
  return [...(before ?? []), ...read];
}

function linesOf({ table, added, report }: EnsembleMade): string[] {
  const isRow = table.rows.some(({ name }) => name === added);
  return [
    ...(isRow ? [...resultTable(table), ''] : []),
    ...reportLines(report),
    '',
    isRow ? `${added} is in the table.` : `${added} has members of other runs: it is kept as a report and is no row of the table.`,
  ];
}

function reportLines(report: EnsembleReport): string[] {
  const { name, members, mean, selection, measures, measuredOn, validationAccuracy, diversity, sizeCurve, comparison, sameFingerprint } = report;
  const named = members.map(({ run, folder, name: member, weight }) => `${folder === null ? '' : `${run}/`}${member}${selection === null && members.every((each) => each.weight === weight) ? '' : ` ${percent(weight, 1)}`}`);
  const last = selection?.path.at(-1);
  return [
    `${name}: the ${mean === 'logit' ? 'mean of the logits' : 'mean of the probabilities'} of ${named.join(', ')}`,
    ...(selection === null || last === undefined ? [] : [`selected on validation data (${selection.rule}, ${selection.tried} ensembles tried of ${selection.candidates.length} candidates): ${percent(last.score)}`]),
    ...(sameFingerprint ? [] : ['! The runs\' data have other fingerprints; their labels and the order of these are the same.']),
    `validation accuracy ${percent(validationAccuracy)}`,
    '',
    ...measuresLines(measures, measuredOn),
    ...(diversity === null
      ? []
      : ['', `disagreement ${percent(diversity.meanDisagreement)}, normalised by the error ${diversity.meanNormalised.toFixed(4)}, mutual information ${diversity.mutualInformation.toFixed(4)} nats`]),
    '',
    ...columns([['members', 'accuracy', 'NLL', 'subsets'], ...sizeCurve.map(({ size, accuracy, nll, subsets, isAll }) => [String(size), percent(accuracy), nll.toFixed(4), `${subsets}${isAll ? '' : ' drawn'}`])], 'rrrr'),
    ...(comparison === null ? [] : ['', ...comparisonLines(comparison)]),
  ];
}
