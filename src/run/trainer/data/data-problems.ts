/** What is wrong with the data of a plan. A run is refused only for what would make its result wrong. */
import type { DataProblem } from '../../../protocol/data-report.ts';
import { listed } from './class-names.ts';
import type { ExampleSet, PlanSets } from './example-set.ts';
import { copiesOf, copiesWithin, type Copy } from './identical.ts';

/** More than this share of a set unreadable, or known from training, and figures are not those of the data. */
const MOST_WRONG = 0.01;
/** Classes with fewer training examples are told. */
const FEW = 5;
/** Files so many times larger than the smallest, in pixels, are told. */
const SPREAD = 64;
const MOST_NAMED = 20;

export interface DrawnSets {
  train: ExampleSet;
  validation: ExampleSet;
  test: ExampleSet;
}

/**
 * @param given what the plan's files gave
 * @param drawn the sets that training sees
 * @param leftOut copies that the split left out of `given.train`
 */
export function problemsOf(given: PlanSets, drawn: DrawnSets, leftOut: Copy[], classes: string[]): DataProblem[] {
  return [
    ...[given.train, given.validation, given.test].flatMap((set) => (set === null ? [] : fileProblems(set))),
    ...leakage(drawn, 'train', 'validation'),
    ...leakage(drawn, 'train', 'test'),
    ...leakage(drawn, 'validation', 'test'),
    ...copyProblems(given.train, leftOut),
    ...(['train', 'validation', 'test'] as const).flatMap((name) => labelProblems(drawn[name], name, classes)),
    ...classProblems(drawn, classes),
    ...sizeProblems([given.train, given.validation, given.test].filter((set) => set !== null)),
  ];
}

function problem(kind: DataProblem['kind'], severity: DataProblem['severity'], message: string, examples: string[]): DataProblem {
  return { kind, severity, message, count: examples.length, examples: examples.slice(0, MOST_NAMED) };
}

function fileProblems({ dataset, unreadable, ignored }: ExampleSet): DataProblem[] {
  const total = dataset.labels.length + unreadable.length;
  const problems: DataProblem[] = [];
  if (unreadable.length > 0) {
    const tooMany = unreadable.length > MOST_WRONG * total;
    problems.push(problem('unreadable', tooMany ? 'refused' : 'warning', `${unreadable.length} of ${total} image files cannot be read${tooMany ? '' : '; they are left out'}`, unreadable));
  }
  if (ignored.length > 0) problems.push(problem('ignored', 'warning', `${ignored.length} files are no images of a class and are passed over`, ignored));
  return problems;
}

/** The same numbers twice are common among features, and no sign of the same object. */
function leakage(sets: DrawnSets, from: 'train' | 'validation', into: 'validation' | 'test'): DataProblem[] {
  const copies = copiesOf(sets[from], sets[into]);
  if (copies.length === 0) return [];
  const { labels, values } = sets[into].dataset;
  const names = copies.map(({ at, of }) => `${sets[into].nameOf(at)} = ${sets[from].nameOf(of)}`);
  const refused = values === 'pixels' && copies.length > MOST_WRONG * labels.length;
  return [problem('leakage', refused ? 'refused' : 'warning', `${copies.length} of ${labels.length} examples of ${into} are also in ${from}, bit for bit`, names)];
}

function copyProblems(pool: ExampleSet, leftOut: Copy[]): DataProblem[] {
  if (leftOut.length === 0) return [];
  return [problem('copies', 'warning', `${leftOut.length} of ${pool.dataset.labels.length} examples are copies of others; the split takes each content once`, pairs(pool, leftOut))];
}

function labelProblems(set: ExampleSet, name: string, classes: string[]): DataProblem[] {
  if (set.dataset.values === 'features') return [];
  const { labels } = set.dataset;
  const differing = copiesWithin(set).filter(({ at, of }) => labels[at] !== labels[of]);
  if (differing.length === 0) return [];
  const names = differing.map(({ at, of }) => `${set.nameOf(at)} (${classes[labels[at]]}) = ${set.nameOf(of)} (${classes[labels[of]]})`);
  return [problem('labels', 'warning', `${differing.length} of ${labels.length} examples of ${name} are the same as another of a different class`, names)];
}

function classProblems(sets: DrawnSets, classes: string[]): DataProblem[] {
  const counts = { train: countsOf(sets.train, classes.length), validation: countsOf(sets.validation, classes.length), test: countsOf(sets.test, classes.length) };
  const unknown = classes.filter((_, label) => counts.train[label] === 0 && counts.validation[label] + counts.test[label] > 0);
  const few = classes.filter((_, label) => counts.train[label] < FEW);
  const problems: DataProblem[] = [];
  if (unknown.length > 0) problems.push(problem('few', 'refused', `There is nothing to train on for ${unknown.length === 1 ? 'class' : 'classes'} ${listed(unknown)}, which validation or test has`, unknown));
  else if (few.length > 0) problems.push(problem('few', 'warning', `${few.length === 1 ? 'One class has' : `${few.length} classes have`} fewer than ${FEW} training examples: ${listed(few)}`, few));
  for (const name of ['validation', 'test'] as const) {
    const none = classes.filter((_, label) => counts[name][label] === 0);
    if (none.length > 0) problems.push(problem('few', 'warning', `${name} has no example of ${none.length === 1 ? 'class' : 'classes'} ${listed(none)}`, none));
  }
  return problems;
}

function sizeProblems(sets: ExampleSet[]): DataProblem[] {
  const images = sets.flatMap((set) => {
    const { sizes } = set;
    return sizes === null ? [] : Array.from({ length: sizes.length / 2 }, (_, at) => ({ set, at, width: sizes[2 * at], height: sizes[2 * at + 1] }));
  });
  if (images.length === 0) return [];
  const [side] = sets[0].dataset.shape;
  const named = ({ set, at, width, height }: (typeof images)[number]): string => `${set.nameOf(at)} (${width} x ${height})`;
  const small = images.filter(({ width, height }) => Math.min(width, height) < side);
  const bySize = images.toSorted((a, b) => a.width * a.height - b.width * b.height);
  const [smallest, largest] = [bySize[0], bySize[bySize.length - 1]];
  const problems: DataProblem[] = [];
  if (small.length > 0) problems.push(problem('upscaled', 'warning', `${small.length} of ${images.length} images are smaller than ${side} x ${side} and are scaled up`, small.map(named)));
  if (largest.width * largest.height > SPREAD * smallest.width * smallest.height) {
    problems.push(problem('sizes', 'warning', `Images are from ${smallest.width} x ${smallest.height} to ${largest.width} x ${largest.height}`, [named(smallest), named(largest)]));
  }
  return problems;
}

/** Examples of each class. */
export function countsOf({ dataset }: ExampleSet, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of dataset.labels) counts[label]++;
  return counts;
}

function pairs(set: ExampleSet, copies: Copy[]): string[] {
  return copies.map(({ at, of }) => `${set.nameOf(at)} = ${set.nameOf(of)}`);
}
