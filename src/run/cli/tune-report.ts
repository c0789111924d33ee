/** What the terminal shows of a tune: its cost, the run at work, and the rankings. */
import type { RunView } from '../../protocol/run.ts';
import type { Comparison, Rung, TuneState } from '../../protocol/tune.ts';
import { differenceText, meanText } from '../tune/comparison-text.ts';
import { epochsDone, type TuneEvents } from '../tune/tune.ts';
import { columns } from './columns.ts';
import { percent } from './numbers.ts';
import { taskProgress } from './report.ts';

type Job = Rung['jobs'][number];

/** How many runs and epochs a rung is, before any is trained. */
export function costLines({ rungs, rungEpochs }: TuneState, index: number): string[] {
  const { jobs, leftOut, epochs } = rungs[index];
  const sum = (figure: (job: Job) => number): number => jobs.reduce((total, job) => total + figure(job), 0);
  const [all, shared] = [sum((job) => job.epochs), sum((job) => job.sharedEpochs)];
  const budgets = [...new Map(jobs.map((job) => [job.epochRatio, job.budgetEpochs]))].map(([ratio, budget]) => `${budget} epochs (x ${ratio})`);
  const later = rungEpochs.length - 1 - index;
  return [
    ...(rungEpochs.length === 1 ? [] : [`Rung ${index + 1} of ${rungEpochs.length}: member 1 trains ${epochs} epochs`]),
    `${jobs.length} runs of ${[...new Set(jobs.map(({ method }) => method))].join(', ')}; budgets of one run: ${budgets.join(', ')}`,
    `${all - shared} epochs of one network to train; ${shared} more are members that runs share`,
    ...(later === 0 ? [] : [`then ${later} more with about half of the cells and twice the epochs each`]),
    ...(leftOut.length === 0 ? [] : [`${leftOut.length} cells cannot be made, for example ${leftOut[0].method}, lr x ${leftOut[0].lrRatio}, epochs x ${leftOut[0].epochRatio}: ${leftOut[0].reason}`]),
  ];
}

/** Cost first, then a line a run; on a terminal the run at work below. */
export class TuneProgress implements TuneEvents {
  readonly #shows: boolean;
  readonly #progress: ReturnType<typeof taskProgress>;
  readonly #live = process.stderr.isTTY;

  constructor(json: boolean) {
    this.#shows = !json;
    this.#progress = taskProgress(json);
  }

  readonly clear = (): void => this.#progress.clear();

  readonly onRung = (state: TuneState, rung: number): void => this.#lines(costLines(state, rung));

  readonly onLook = (view: RunView, job: Job, number: number, of: number): void => {
    if (!this.#live) return;
    const { done, all } = epochsDone(view);
    this.#progress.onProgress({ fraction: (number - 1 + (all === 0 ? 0 : done / all)) / of, message: `run ${number} of ${of}, ${job.id}: ${view.status}, epoch ${Math.floor(done)} of ${all}` });
  };

  readonly onJobEnd = ({ results }: RunView, job: Job, number: number, of: number): void => {
    const figures = (results?.rows ?? [])
      .filter(({ kind }) => kind === 'ensemble' || kind === 'soup' || job.method === 'fine-tuning')
      .filter(({ kind }) => kind !== 'mean-member')
      .map((row) => `${row.name} ${percent((results?.metric === 'accuracy' ? null : row.validationMeanPerClassAccuracy) ?? row.validationAccuracy)}`);
    this.#lines([`${number}/${of} ${job.id}: ${job.status === 'failed' ? `failed: ${job.reason ?? ''}` : `validation ${figures.join(', ')}`}`]);
  };

  #lines(lines: string[]): void {
    if (!this.#shows) return;
    this.clear();
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }
}

/** The rankings over all budgets. */
export function rankingLines({ rankings, metric, validationImages, testImages }: Comparison): string[] {
  const lines: string[] = [];
  for (const { goal, rows } of rankings.filter(({ epochRatio }) => epochRatio === null)) {
    const heading = [goal, 'lr x', 'epochs x', 'epochs', 'validation', 'to the first, 95 %', 'test', 'to the first, 95 %'];
    const cells = rows.map((row) => [
      row.method, String(row.lrRatio), String(row.epochRatio), String(row.epochs), meanText(row.validation), differenceText(row.difference), row.test === null ? '' : meanText(row.test), differenceText(row.testDifference),
    ]);
    lines.push('', ...columns([heading, ...cells], 'lrrrrlrl'));
  }
  const name = metric === 'accuracy' ? 'Accuracy' : 'Mean per-class accuracy';
  return [...lines, '', `${name}; chosen on ${validationImages} validation images${testImages === 0 ? '' : `, then measured on ${testImages} test images`}. Differences in percentage points.`];
}
