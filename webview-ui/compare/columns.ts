/** The columns of the table of runs: a value to sort by and a text. */
import { t } from '@vscode/l10n';
import type { ComparedRun } from '../../src/protocol/compare-messages.ts';
import type { ResultRow } from '../../src/protocol/results.ts';
import { count, duration, percent, points, rate } from '../words/figures.ts';
import { methodName, statusName } from '../words/naming.ts';

export type ColumnKey = 'name' | 'status' | 'method' | 'members' | 'epochs' | 'rate' | 'best' | 'soup' | 'ensemble' | 'time' | 'tags';

export interface Column {
  key: ColumnKey;
  title: string;
  isText: boolean;
  value(run: ComparedRun): number | string | null;
  text(run: ComparedRun): string;
}

export function columns(): Column[] {
  const number = (key: ColumnKey, title: string, value: (run: ComparedRun) => number | null, write: (value: number) => string): Column => ({
    key, title, isText: false, value, text: (run) => mapped(value(run), write) ?? '–',
  });
  const words = (key: ColumnKey, title: string, value: (run: ComparedRun) => string): Column => ({ key, title, isText: true, value, text: value });
  return [
    words('name', t('Run'), ({ run }) => run.name),
    words('status', t('Status'), ({ run }) => statusName(run.status)),
    words('method', t('Method'), ({ run }) => methodName(run.method).name),
    number('members', t('Members'), ({ run }) => run.members.length, count),
    number('epochs', t('Epochs'), ({ epochs }) => epochs, count),
    number('rate', t('Learning rate'), ({ learningRate }) => learningRate, rate),
    number('best', t('Best member'), (run) => accuracyOf(bestMember(run)), (value) => percent(value, 2)),
    mixture('soup', t('Soup'), bestSoup),
    mixture('ensemble', t('Ensemble'), largestEnsemble),
    number('time', t('Training time'), ({ trainedMs }) => trainedMs, duration),
    words('tags', t('Tags'), ({ run }) => run.labels.tags.join(', ')),
  ];
}

/** The name of the run, then what is pinned in the order in which it was, then the rest. */
export function pinnedFirst(pinned: readonly ColumnKey[]): Column[] {
  const rank = ({ key }: Column): number => (key === 'name' ? -1 : pinned.includes(key) ? pinned.indexOf(key) : pinned.length);
  return columns().sort((a, b) => rank(a) - rank(b));
}

export function bestMember({ run }: ComparedRun): ResultRow | null {
  return run.results?.rows.find(({ name }) => name === run.results?.bestMember) ?? null;
}

/** By validation, since the test set chooses nothing. */
export function bestSoup({ run }: ComparedRun): ResultRow | null {
  const soups = run.results?.rows.filter(({ kind }) => kind === 'soup') ?? [];
  return soups.reduce<ResultRow | null>((best, row) => (best === null || row.validationAccuracy > best.validationAccuracy ? row : best), null);
}

export function largestEnsemble({ run }: ComparedRun): ResultRow | null {
  const ensembles = run.results?.rows.filter(({ kind }) => kind === 'ensemble') ?? [];
  return ensembles.reduce<ResultRow | null>((largest, row) => (largest === null || row.members.length > largest.members.length ? row : largest), null);
}

/** Sorted; what has no value comes last. */
export function sortedRuns(runs: readonly ComparedRun[], column: Column, down: boolean): ComparedRun[] {
  const natural = new Intl.Collator('en', { numeric: true });
  return runs.toSorted((x, y) => {
    const [a, b] = [column.value(x), column.value(y)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : natural.compare(String(a), String(b));
    return down ? -order : order;
  });
}

export function fits(run: ComparedRun, filter: string, all: readonly Column[]): boolean {
  const text = all.map((column) => column.text(run)).join(' ').toLowerCase();
  return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function mixture(key: ColumnKey, title: string, of: (run: ComparedRun) => ResultRow | null): Column {
  return {
    key, title, isText: false,
    value: (run) => accuracyOf(of(run)),
    text(run) {
      const row = of(run);
      if (row === null) return '–';
      const difference = row.differenceToBest;
      const interval = difference === null ? '' : ` (${points(difference.estimate)} [${points(difference.low)}, ${points(difference.high)}])`;
      return percent(row.accuracy, 2) + interval;
    },
  };
}

function accuracyOf(row: ResultRow | null): number | null {
  return row === null ? null : row.accuracy;
}

function mapped<T, R>(value: T | null, of: (value: T) => R): R | null {
  return value === null ? null : of(value);
}
