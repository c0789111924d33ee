/** The result table. The best member is chosen on validation data; test data is only ever measured. */
import { StarsseError } from '../protocol/errors.ts';
import type { ResultRow, ResultTable } from '../protocol/results.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { calibratedNll } from './calibration.ts';
import { ensemble, type EnsembleRule } from './ensemble.ts';
import { accuracy, correctness, ece, mean, nll, type Predictions } from './metrics.ts';

/** A network with its stored predictions. */
export interface Candidate {
  name: string;
  validation: Predictions;
  test: Predictions;
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
}

export interface TableRequest {
  members: Candidate[];
  soups: SoupCandidate[];
  ensembles: EnsembleRequest[];
  /** Multiply-accumulates of one image through one network. */
  macs: number;
  bootstrapSamples: number;
  /** Of the bootstrap and of the halves for calibration. */
  seed: number;
  createdAt: string;
}

type Measured = SoupCandidate & { kind: 'member' | 'soup' | 'ensemble'; forwardPasses: number };

/**
 * Rows of every member, the mean member, every soup and every ensemble.
 * @throws StarsseError usage for no member or an unknown one, mismatch when predictions are of different images
 */
export function resultTable({ members, soups, ensembles, macs, bootstrapSamples, seed, createdAt }: TableRequest): ResultTable {
  const bestMember = bestOf(members);
  checkSameImages(members[0], [...members, ...soups]);
  const measured: Measured[] = [
    ...members.map((member) => ({ ...member, members: [member.name], kind: 'member' as const, forwardPasses: 1 })),
    ...soups.map((soup) => ({ ...soup, kind: 'soup' as const, forwardPasses: 1 })),
    ...ensembles.map((request) => ({ ...ensembleOf(request, members), kind: 'ensemble' as const, forwardPasses: request.members.length })),
  ];
  const others = measured.filter(({ name }) => name !== bestMember.name);
  const bestCorrect = correctness(bestMember.test);
  const differences = others.map(({ test }) => Float64Array.from(correctness(test), (right, image) => right - bestCorrect[image]));
  const intervals = new Map(bootstrapIntervals(differences, { samples: bootstrapSamples, seed }).map((interval, index) => [others[index].name, interval]));
  const rows = measured.map(
    ({ name, kind, members: madeOf, validation, test, forwardPasses }): ResultRow => ({
      name,
      kind,
      members: madeOf,
      accuracy: accuracy(test),
      nll: nll(test),
      calibratedNll: calibratedNll(test, { seed }),
      ece: ece(test),
      validationAccuracy: accuracy(validation),
      differenceToBest: intervals.get(name) ?? null,
      forwardPasses,
      macs: forwardPasses * macs,
    }),
  );
  rows.splice(members.length, 0, meanMember(rows.slice(0, members.length), macs));
  return {
    rows,
    bestMember: bestMember.name,
    testImages: bestMember.test.labels.length,
    validationImages: bestMember.validation.labels.length,
    bootstrapSamples,
    createdAt,
  };
}

/** The member of the highest validation accuracy; of equals the one of the lowest validation NLL, then the first. */
export function bestOf<C extends Pick<Candidate, 'validation'>>(members: readonly C[]): C {
  if (members.length === 0) throw new StarsseError('usage', 'A table of no members', { hint: 'Train at least one member.' });
  const scored = members.map((member) => ({ member, accuracy: accuracy(member.validation), nll: nll(member.validation) }));
  return scored.reduce((best, each) => (each.accuracy > best.accuracy || (each.accuracy === best.accuracy && each.nll < best.nll) ? each : best)).member;
}

/** Not a network: the mean of the members' figures. */
function meanMember(rows: ResultRow[], macs: number): ResultRow {
  const average = (figure: 'accuracy' | 'nll' | 'calibratedNll' | 'ece' | 'validationAccuracy') => mean(rows.map((row) => row[figure]));
  return {
    name: 'mean-member',
    kind: 'mean-member',
    members: rows.map(({ name }) => name),
    accuracy: average('accuracy'),
    nll: average('nll'),
    calibratedNll: average('calibratedNll'),
    ece: average('ece'),
    validationAccuracy: average('validationAccuracy'),
    differenceToBest: null,
    forwardPasses: 1,
    macs,
  };
}

function ensembleOf({ name, members: names, rule }: EnsembleRequest, members: Candidate[]): SoupCandidate {
  const chosen = names.map((wanted) => {
    const member = members.find((each) => each.name === wanted);
    if (member === undefined) throw new StarsseError('usage', `${wanted} is not a member with predictions`, { hint: `Members: ${members.map((each) => each.name).join(', ')}.` });
    return member;
  });
  return { name, members: names, validation: ensemble(chosen.map(({ validation }) => validation), rule), test: ensemble(chosen.map(({ test }) => test), rule) };
}

function checkSameImages(first: Candidate, candidates: Candidate[]): void {
  for (const { name, ...parts } of candidates) {
    for (const part of ['validation', 'test'] as const) {
      if (parts[part].labels.join() !== first[part].labels.join()) {
        throw new StarsseError('mismatch', `The ${part} predictions of ${name} and ${first.name} are of different images`, { hint: 'Evaluate both on the data of one plan.' });
      }
    }
  }
}
