/** The gate before a soup of a run: which members are in one basin and good enough (`core/soups/gate.ts`), by their predictions and by lines on validation images. */
import { hostWeights, type HostWeights } from '../../../core/basin/host-weights.ts';
import { lineBetween } from '../../../core/basin/line.ts';
import { measuredOf, measureOf } from '../../../core/basin/measure.ts';
import { metricOf, rowsOf } from '../../../core/metrics.ts';
import { gate } from '../../../core/soups/gate.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { MeasuredSets } from '../../../protocol/basin.ts';
import type { TaskStep } from '../../../protocol/task-steps.ts';
import { DEFAULT_GATE, type GatedMember, type SoupReport, type SoupRequest } from '../../../protocol/soup.ts';
import { readSnapshot } from '../snapshot.ts';
import { looked, lookedPlaces, predictionsOf, type Kitchen } from './kitchen.ts';

/** Ends and middle: there the mean of two lies, and a barrier is highest. */
const POINTS = 3;
/** Fewer wrong images than these are no barrier, however few images there are. */
const LEAST_IMAGES = 1.5;

/**
 * @param members candidates, in the order of the run
 * @returns what was found of each, as `look`
 * @throws StarsseError usage when only one is left, with the reasons of the others; what reading them throws
 */
export async function admit(kitchen: Kitchen, members: readonly string[], request: Pick<SoupRequest, 'insist' | 'threshold'>): Promise<SoupReport> {
  const report = await look(kitchen, members, request);
  if (members.length > 1 && report.members.filter(({ taken }) => taken).length === 1) throw nobodyElse(report.members);
  return report;
}

/** The same without a refusal. Each member is told as soon as it was looked at. */
export async function look(kitchen: Kitchen, members: readonly string[], { insist, threshold: wish }: Pick<SoupRequest, 'insist' | 'threshold'>): Promise<SoupReport> {
  const { run, runner, statistics, step, placeOf } = kitchen;
  const { metric, batchSize } = run.plan.evaluation;
  const validation = looked(kitchen, 'validation');
  const asked = { ...DEFAULT_GATE, ...wish };
  const threshold = {
    ...asked,
    error: Math.max(asked.error, LEAST_IMAGES / validation.labels.length),
    // Two standard errors of a score near a half: of few images so much is chance.
    quality: wish.quality ?? Math.max(asked.quality, 1 / Math.sqrt(kitchen.data.validation.labels.length)),
  };
  const scored = await Promise.all(members.map(async (name) => ({ name, score: metricOf(await predictionsOf(placeOf(name)), metric) })));
  let lines = 0;
  const tell = (found?: TaskStep): void => step(`Looking for a barrier (${lines} of ${members.length - 1} members)`, (0.3 * lines) / members.length, found);
  const measure = measureOf({ runner, network: runner.network, statistics: statistics === 'average' ? null : looked(kitchen, 'train'), sets: { validation }, batchSize, onBatch: () => tell() });
  // Of members what they predicted is known.
  const known = new WeakMap<HostWeights, MeasuredSets>();
  const places = lookedPlaces(kitchen, 'validation');
  const measureOnce = async (point: HostWeights): Promise<MeasuredSets> => {
    const measured = known.get(point) ?? (await measure(point));
    known.set(point, measured);
    return measured;
  };
  const found = await gate(scored, {
    threshold,
    insist,
    async weightsOf(name) {
      const place = placeOf(name);
      const weights = hostWeights(runner.network, await readSnapshot(place.folder, place.name), name);
      known.set(weights, { validation: measuredOf(rowsOf(await predictionsOf(place), places)) });
      return weights;
    },
    onLooked: (member) => tell({ kind: 'gate', member }),
    line: async (a, b) => {
      lines += 1;
      return await lineBetween(measureOnce, a, b, { points: POINTS });
    },
  });
  return { threshold, members: found, insisted: insist };
}

function nobodyElse(found: readonly GatedMember[]): StarsseError {
  const reasons = found.flatMap(({ name, reason }) => (reason === null ? [] : [`${name} is ${reason}`]));
  return new StarsseError('usage', `Nothing can be mixed with ${found[0].name}: ${reasons.join('; ')}`, { hint: 'Mix them all the same with --insist, or raise the threshold. An ensemble of them is no matter of basins.' });
}
