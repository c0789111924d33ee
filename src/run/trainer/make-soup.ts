/** One soup of members: of all of them, or of those by which it gets better on validation data. */
import { startBackend } from '../../backends/choose.ts';
import { runnerOf } from '../../backends/runner.ts';
import { predict } from '../../core/evaluate.ts';
import { greedySoup } from '../../core/greedy-soup.ts';
import { metricOf } from '../../core/metrics.ts';
import type { Runner } from '../../core/runner.ts';
import { uniformSoup, type Ingredient } from '../../core/soup.ts';
import { disposeTensors, weightsFrom } from '../../core/weights.ts';
import type { Run } from '../../protocol/run.ts';
import { threadsOfTasks } from '../../protocol/shares.ts';
import type { TensorData } from '../../protocol/tensor.ts';
import { withStatistics, writeAveraged } from './averaged-network.ts';
import type { TaskContext } from './combine.ts';
import { readRunData, type PlanData } from './data/plan-data.ts';
import { readModel } from './run-network.ts';
import { readPredictions, readSnapshot } from './snapshot.ts';

export const SOUP_RULES = ['uniform', 'greedy'] as const;

export interface SoupOrder {
  rule: (typeof SOUP_RULES)[number];
  /** Candidates, in the order of the run. */
  members: string[];
  /** The soup of that rule and of those parents: its name, and whether it was made before. */
  soupOf(parents: string[]): { name: string; isThere: boolean };
  /** As for `writeAveraged`. */
  isWanted?: () => Promise<boolean>;
}

/** @returns its name. The same soup is not made twice. @throws StarsseError mismatch, backend-missing, data-missing, cancelled */
export async function makeSoup(folder: string, run: Run, { rule, members, soupOf, isWanted }: SoupOrder, { signal, onProgress }: TaskContext): Promise<string> {
  if (rule === 'uniform' && soupOf(members).isThere) return soupOf(members).name;
  const step = (message: string, fraction: number): void => {
    signal.throwIfAborted();
    onProgress({ fraction, message });
  };
  step('Averaging weights', 0);
  const candidates = await Promise.all(members.map(async (name) => ({ name, tensors: await readSnapshot(folder, name) })));
  const model = await readModel(folder);
  const device = await startBackend(run.plan.compute.backend, { threads: threadsOfTasks(run) });
  const data = await readRunData(run, { onProgress, signal });
  const runner = runnerOf(device, console.error)(model.network, model.normalization);
  try {
    const { parents, tensors } = rule === 'uniform' ? { parents: members, tensors: uniformSoup(candidates) } : await greedy(folder, run, runner, data, candidates, step);
    const { name, isThere } = soupOf(parents);
    if (isThere) return name;
    const soup = { weights: weightsFrom(model.network, tensors, name), name, parents, rule, keepsStatistics: parents.length === 1, ...(isWanted === undefined ? {} : { isWanted }) };
    await writeAveraged(folder, run, runner, data, soup, (message, fraction) => step(message, 0.5 + 0.5 * fraction));
    return name;
  } finally {
    runner.close();
  }
}

/** By the plan's metric on validation data. A member alone is scored by its predictions, an average with its statistics estimated anew. */
async function greedy(
  folder: string,
  run: Run,
  runner: Runner,
  data: PlanData,
  candidates: Ingredient[],
  step: (message: string, fraction: number) => void,
): Promise<{ parents: string[]; tensors: TensorData[] }> {
  const { metric, batchSize } = run.plan.evaluation;
  const settings = { batchSize };
  let tried = 0;
  const { parents, tensors } = await greedySoup(candidates, async (soup, names) => {
    if (names.length === 1) return metricOf(await readPredictions(folder, names[0], 'validation'), metric);
    tried += 1;
    const fraction = (0.5 * tried) / candidates.length;
    const tell = (): void => step(`Trying ${names.join(', ')}`, fraction);
    const weights = await withStatistics(runner, weightsFrom(runner.network, soup, names.join(', ')), data, settings, tell);
    try {
      runner.load(weights);
      return metricOf(await predict(runner, data.validation, settings, tell), metric);
    } finally {
      disposeTensors(weights);
    }
  });
  return { parents, tensors };
}
