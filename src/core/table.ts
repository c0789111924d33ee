/** The result table. The best member is chosen on validation data; test data is only ever measured. */
import { StarsseError } from '../protocol/errors.ts';
import type { Metric, ResultRow, ResultTable } from '../protocol/results.ts';
import { bootstrapIntervals, type Interval } from './bootstrap.ts';
import { calibratedNll } from './calibration.ts';
import { ensemble, type EnsembleRule } from './ensemble.ts';
import { accuracy, brier, correctness, mean, meanPerClassAccuracy, metricOf, nll, type Predictions } from './metrics.ts';
import { ece } from './reliability.ts';

/** A network with its stored predictions. */
export interface Candidate {
  name: string;
  validation: Predictions;
  /** null where the data have no test set: measured is then on validation. */
  test: Predictions | null;
}
export interface SoupCandidate extends Candidate {
  /** Names of its parents. */
  members: string[];
}
export interface EnsembleRequest {
  name: string;
  /** Names of members. */
  members: string[];
  rule?: EnsembleRule;
  /** One a member, any scale; all alike when left out. */
  weights?: number[];
}

export interface TableRequest {
  members: Candidate[];
  soups: SoupCandidate[];
  ensembles: EnsembleRequest[];
  /** The best member is chosen by it, and differences are of it. */
  metric: Metric;
  /** Multiply-accumulates of one image through one network. */
  macs: number;
  bootstrapSamples: number;
  /** Of the bootstrap and of the halves for calibration. */
  seed: number;
  createdAt: string;
}

/** A row that is a network or an ensemble, with its predictions. */
export type Measured = SoupCandidate & Pick<EnsembleRequest, 'rule' | 'weights'> & { kind: 'member' | 'soup' | 'ensemble'; forwardPasses: number };

/**
 * Rows of every member, the mean member, every soup and every ensemble.
 * @throws StarsseError usage for no member or an unknown one, mismatch when predictions are of different images
 */
export function resultTable(request: TableRequest): ResultTable {
  const { members, metric, macs, bootstrapSamples, seed, createdAt } = request;
  const bestMember = bestOf(members, metric);
  const measured = measuredNetworks(request);
  const intervals = differencesTo(bestMember, measured, request);
  const rows = measured.map(({ name, kind, members: madeOf, validation, test, forwardPasses, rule, weights }): ResultRow => {
    const shown = test ?? validation;
    return {
      name,
      kind,
      members: madeOf,
      accuracy: accuracy(shown),
      meanPerClassAccuracy: meanPerClassAccuracy(shown),
      nll: nll(shown),
      calibratedNll: calibratedNll(shown, { seed }),
      brier: brier(shown),
      ece: ece(shown),
      validationAccuracy: accuracy(validation),
      validationMeanPerClassAccuracy: meanPerClassAccuracy(validation),
      differenceToBest: intervals.get(name) ?? null,
      forwardPasses,
      macs: forwardPasses * macs,
      ...(rule === 'logit-mean' ? { mean: 'logit' as const } : {}),
      ...(weights === undefined ? {} : { weights }),
    };
  });
  rows.splice(members.length, 0, meanMember(rows.slice(0, members.length), macs));
  return {
    rows,
    metric,
    bestMember: bestMember.name,
    testImages: bestMember.test?.labels.length ?? 0,
    validationImages: bestMember.validation.labels.length,
    bootstrapSamples,
    createdAt,
  };
}

/**
 * Every member, soup and ensemble with its predictions, in the order of the table.
 * @throws StarsseError usage for no member or an unknown one, mismatch when predictions are of different images
 */
export function measuredNetworks({ members, soups, ensembles }: Pick<TableRequest, 'members' | 'soups' | 'ensembles'>): Measured[] {
  checkSameImages([...members, ...soups]);
  return [
    ...members.map((member) => ({ ...member, members: [member.name], kind: 'member' as const, forwardPasses: 1 })),
    ...soups.map((soup) => ({ ...soup, kind: 'soup' as const, forwardPasses: 1 })),
    ...ensembles.map((request) => ({ ...ensembleOf(request, members), kind: 'ensemble' as const, forwardPasses: request.members.length })),
  ];
}

/** The member of the highest validation metric; of equals the one of the lowest validation NLL, then the first. */
export function bestOf<C extends Pick<Candidate, 'validation'>>(members: readonly C[], metric: Metric): C {
  if (members.length === 0) throw new StarsseError('usage', 'A table of no members', { hint: 'Train at least one member.' });
  const scored = members.map((member) => ({ member, score: metricOf(member.validation, metric), nll: nll(member.validation) }));
  return scored.reduce((best, each) => (each.score > best.score || (each.score === best.score && each.nll < best.nll) ? each : best)).member;
}

/** Paired intervals of the metric of everything else minus the best member's, by name. */
function differencesTo(best: Candidate, measured: Measured[], { metric, bootstrapSamples: samples, seed }: TableRequest): Map<string, Interval> {
  const others = measured.filter(({ name }) => name !== best.name);
  const { labels } = best.test ?? best.validation;
  const bestCorrect = correctness(best.test ?? best.validation);
  const differences = others.map(({ test, validation }) => Float64Array.from(correctness(test ?? validation), (right, image) => right - bestCorrect[image]));
  const intervals = bootstrapIntervals(differences, { samples, seed, classes: metric === 'accuracy' ? null : labels });
  return new Map(intervals.map((interval, index) => [others[index].name, interval]));
}

/** Not a network: the mean of the members' figures. */
function meanMember(rows: ResultRow[], macs: number): ResultRow {
  const average = (figure: (row: ResultRow) => number | undefined) => mean(rows.map((row) => figure(row) ?? NaN));
  return {
    name: 'mean-member',
    kind: 'mean-member',
    members: rows.map(({ name }) => name),
    accuracy: average((row) => row.accuracy),
    meanPerClassAccuracy: average((row) => row.meanPerClassAccuracy),
    nll: average((row) => row.nll),
    calibratedNll: average((row) => row.calibratedNll),
    brier: average((row) => row.brier),
    ece: average((row) => row.ece),
    validationAccuracy: average((row) => row.validationAccuracy),
    validationMeanPerClassAccuracy: average((row) => row.validationMeanPerClassAccuracy),
    differenceToBest: null,
    forwardPasses: 1,
    macs,
  };
}

function ensembleOf({ name, members: names, rule, weights }: EnsembleRequest, members: Candidate[]): Omit<Measured, 'kind' | 'forwardPasses'> {
  const chosen = names.map((wanted) => {
    const member = members.find((each) => each.name === wanted);
    if (member === undefined) throw new StarsseError('usage', `${wanted} is not a member with predictions`, { hint: `Members: ${members.map((each) => each.name).join(', ')}.` });
    return member;
  });
  const tests = chosen.map(({ test }) => test).filter((test) => test !== null);
  const mean = (predictions: Predictions[]): Predictions => ensemble(predictions, rule, weights);
  return { name, members: names, rule, ...(weights === undefined ? {} : { weights }), validation: mean(chosen.map(({ validation }) => validation)), test: tests.length === 0 ? null : mean(tests) };
}

function checkSameImages(candidates: Candidate[]): void {
  const [first] = candidates;
  for (const { name, ...parts } of candidates) {
    for (const part of ['validation', 'test'] as const) {
      if (parts[part]?.labels.join() !== first[part]?.labels.join()) {
        throw new StarsseError('mismatch', `The ${part} predictions of ${name} and ${first.name} are of different images`, { hint: 'Evaluate both on the data of one plan.' });
      }
    }
  }
}
