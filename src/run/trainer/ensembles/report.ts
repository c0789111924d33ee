/** The report of an ensemble: its measures, its members' diversity, the size curve, a comparison. */
import { diversityMatrices, meanOfPairs, mutualInformation } from '../../../core/diversity.ts';
import { ensemble } from '../../../core/ensemble.ts';
import { MemberTables } from '../../../core/ensembles/members.ts';
import { sizeCurve } from '../../../core/ensembles/size-curve.ts';
import { compared, measuresOf } from '../../../core/measures.ts';
import { accuracy, mean as meanOf, type Predictions } from '../../../core/metrics.ts';
import type { DiversityReport, EnsembleReport } from '../../../protocol/ensemble-report.ts';
import type { Run } from '../../../protocol/run.ts';
import type { TaskContext } from '../combine.ts';
import { breather } from './breather.ts';
import type { ChosenEnsemble } from './candidates.ts';
import { ruleOf, type StoredRow } from './stored.ts';

export interface ReportSource extends ChosenEnsemble {
  name: string;
  run: Run;
  classNames: readonly string[];
  against: StoredRow | null;
  sameFingerprint: boolean;
}

export async function reportOf({ name, run, members, weights, mean, selection, classNames, against, sameFingerprint }: ReportSource, context: TaskContext): Promise<EnsembleReport> {
  const { metric, bootstrapSamples } = run.plan.evaluation;
  const { seed } = run.plan;
  const set = shownSet(members[0]);
  const own = members.map((member) => member[set]);
  const rule = ruleOf(mean);
  const validation = ensemble(members.map((member) => member.validation), rule, weights);
  const shown = ensemble(own, rule, weights);
  context.onProgress({ fraction: null, message: `Measuring ${name}` });
  return {
    name,
    members: members.map((member, index) => ({ run: member.run, folder: member.folder, name: member.name, weight: weights[index] })),
    mean,
    selection,
    sameFingerprint,
    measuredOn: set,
    validationAccuracy: accuracy(validation),
    measures: measuresOf(shown, validation, classNames, seed),
    diversity: own.length < 2 ? null : diversityOf(own, weights),
    sizeCurve: await sizeCurve(new MemberTables(own, rule, metric), seed, breather(context, `Subsets of ${name}`)),
    comparison: against === null ? null : compared(shown, against[set], { against: against.name, metric, bootstrapSamples, seed }),
    createdAt: new Date().toISOString(),
  };
}

/** Figures are of test images where there are any. */
export function shownSet({ test }: { test: Predictions }): 'test' | 'validation' {
  return test.labels.length > 0 ? 'test' : 'validation';
}

function diversityOf(members: readonly Predictions[], weights: readonly number[]): DiversityReport {
  const { disagreement, normalised } = diversityMatrices(members);
  return { disagreement, meanDisagreement: meanOfPairs(disagreement), normalised, meanNormalised: meanOfPairs(normalised), mutualInformation: meanOf(mutualInformation(members, weights)) };
}
