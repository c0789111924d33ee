/** The gate before a soup of a run: which members are in one basin and good enough (`core/soups/gate.ts`), by their predictions and by lines on validation images. */
import { hostWeights } from '../../../core/basin/host-weights.ts';
import { lineBetween } from '../../../core/basin/line.ts';
import { measureOf } from '../../../core/basin/measure.ts';
import { metricOf } from '../../../core/metrics.ts';
import { gate } from '../../../core/soups/gate.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { DEFAULT_GATE, type GatedMember, type SoupReport, type SoupRequest } from '../../../protocol/soup.ts';
import { readPredictions, readSnapshot } from '../snapshot.ts';
import { looked, type Kitchen } from './kitchen.ts';

/** Ends and middle: there the mean of two lies, and a barrier is highest. */
const POINTS = 3;
/** Fewer wrong images than these are no barrier, however few images there are. */
const LEAST_IMAGES = 1.5;

/**
 * @param members candidates, in the order of the run
 * @returns what was found of each
 * @throws StarsseError usage when only one is left, with the reasons of the others; what reading them throws
 */
export async function admit(kitchen: Kitchen, members: readonly string[], { insist, threshold: wish }: Pick<SoupRequest, 'insist' | 'threshold'>): Promise<SoupReport> {
  const { folder, run, runner, statistics, step } = kitchen;
  const { metric, batchSize } = run.plan.evaluation;
  const validation = looked(kitchen, 'validation');
  const asked = { ...DEFAULT_GATE, ...wish };
  const threshold = { ...asked, error: Math.max(asked.error, LEAST_IMAGES / validation.labels.length) };
  const scored = await Promise.all(members.map(async (name) => ({ name, score: metricOf(await readPredictions(folder, name, 'validation'), metric) })));
  let lines = 0;
  const tell = (): void => step(`Looking for a barrier (${lines} of ${members.length - 1} members)`, (0.3 * lines) / members.length);
  const measure = measureOf({ runner, network: runner.network, statistics: statistics === 'average' ? null : looked(kitchen, 'train'), sets: { validation }, batchSize, onBatch: tell });
  const found = await gate(scored, {
    threshold,
    insist,
    weightsOf: async (name) => hostWeights(runner.network, await readSnapshot(folder, name), name),
    line: async (a, b) => {
      lines += 1;
      return await lineBetween(measure, a, b, { points: POINTS });
    },
  });
  if (members.length > 1 && found.filter(({ taken }) => taken).length === 1) throw nobodyElse(found);
  return { threshold, members: found, insisted: insist };
}

function nobodyElse(found: readonly GatedMember[]): StarsseError {
  const reasons = found.flatMap(({ name, reason }) => (reason === null ? [] : [`${name} is ${reason}`]));
  return new StarsseError('usage', `Nothing can be mixed with ${found[0].name}: ${reasons.join('; ')}`, { hint: 'Mix them all the same with --insist, or raise the threshold. An ensemble of them is no matter of basins.' });
}
