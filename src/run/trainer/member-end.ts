/** What a trained member leaves: its snapshot, what cycles go on with, predictions, and a soup for each average of its training. */
import { averageToData } from '../../core/averages.ts';
import { predict } from '../../core/evaluate.ts';
import type { Predictions } from '../../core/metrics.ts';
import type { Evaluator, Runner } from '../../core/runner.ts';
import { stateToData, type TrainState } from '../../core/state.ts';
import { weightsFrom, weightsToData } from '../../core/weights.ts';
import type { Member, Run } from '../../protocol/run.ts';
import { runFiles } from '../folder.ts';
import { writeSafetensors } from '../safetensors-file.ts';
import { writeAveraged } from './averaged-network.ts';
import type { PlanData } from './data/plan-data.ts';
import type { MemberState } from './member-state.ts';
import { writePredictions, writeSnapshot } from './snapshot.ts';

/** Who runs the network forward. */
export interface Forward {
  /** By the member's weights. */
  evaluator: Evaluator;
  /** By others; made when it is first asked for. */
  runner: () => Runner;
}

/**
 * Everything is written anew when it is called again. Once the snapshot and what it predicts of validation images are there, others can start from it: state.json says so.
 * @param validation predictions of the validation images where they are there already, else they are made
 * @throws StarsseError disk
 */
export async function writeEnd(
  folder: string,
  run: Run,
  member: Member,
  { evaluator, runner }: Forward,
  data: PlanData,
  { state, validation }: { state: TrainState; validation: Predictions | null },
  memberState: MemberState,
  shouldStop: () => boolean,
): Promise<'done' | 'stopped'> {
  await writeWeights(folder, run, member, evaluator, state, memberState.validationAccuracy);
  // The batches that training evaluates: an evaluator that takes those of one size has no larger ones.
  const evaluation = { batchSize: Math.min(run.plan.evaluation.batchSize, data.validation.labels.length) };
  await writePredictions(folder, run, member.name, 'validation', validation ?? (await predict(evaluator, data.validation, evaluation)));
  await memberState.write({ trainedAt: new Date().toISOString() });
  const stopped = new Error('stopped');
  const orStop = (): void => {
    if (shouldStop()) throw stopped;
  };
  try {
    await writePredictions(folder, run, member.name, 'test', await predict(evaluator, data.test, evaluation, orStop));
    await writeAverages(folder, run, member, { evaluator, runner }, data, state, orStop);
    return 'done';
  } catch (error) {
    if (error === stopped) return 'stopped';
    throw error;
  }
}

async function writeWeights(folder: string, run: Run, { name, startsFrom }: Member, { network }: Evaluator, state: TrainState, validationAccuracy: number | null): Promise<void> {
  const goesOn = run.members.some((other) => other.startsFrom === name && !other.resetOptimizer);
  if (goesOn) await writeSafetensors(runFiles.final(folder, name), await stateToData(network, state), { run: run.id, name });
  const metrics: Record<string, number> = validationAccuracy === null ? {} : { validationAccuracy };
  await writeSnapshot(folder, run, await weightsToData(network, state.weights), { name, parents: [startsFrom], rule: null, metrics });
}

/** SWA and EMA of the member: soups of one parent, its own training. */
async function writeAverages(folder: string, run: Run, member: Member, { evaluator: { network }, runner }: Forward, data: PlanData, { averages }: TrainState, orStop: () => void): Promise<void> {
  for (const rule of ['swa', 'ema'] as const) {
    const tensors = await averageToData(network, averages, rule);
    if (tensors === null) continue;
    const name = `soup-${rule}-${member.name.slice('member-'.length)}`;
    const weights = weightsFrom(network, tensors, name);
    await writeAveraged(folder, run, runner(), data, { weights, name, parents: [member.name], rule }, orStop);
  }
}
