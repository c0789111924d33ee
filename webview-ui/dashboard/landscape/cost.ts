/** What an analysis will cost, before it is asked for: points by their number, time by what was timed before. */
import type { RunView } from '../../../src/protocol/run.ts';
import type { Landscape } from './analyses.ts';

export interface Cost {
  points: number;
  /** null where nothing was ever timed. */
  ms: number | null;
}

/** Of test and training images and of batch-norm statistics, as the trainer does it unless told otherwise. */
const USUAL_PASSES = 3000;
/** A step of training takes about three forward passes an image. */
const PASSES_A_STEP = 3;
const LINE_POINTS = 11;

/** @param imagesPerSecond of training, or null */
export function msAPass({ basin, planes, sharpness }: Landscape, imagesPerSecond: number | null): number | null {
  const timed = [...planes.map(({ budget }) => budget), ...(basin === null ? [] : [basin.budget]), ...(sharpness === null ? [] : [sharpness.budget])].find(({ forwardPasses, estimatedMs }) => forwardPasses > 0 && estimatedMs > 0);
  if (timed !== undefined) return timed.estimatedMs / timed.forwardPasses;
  return imagesPerSecond === null || imagesPerSecond <= 0 ? null : 1000 / (PASSES_A_STEP * imagesPerSecond);
}

function passesAPoint({ basin, planes }: Landscape): number {
  const measuring = basin?.measuring ?? planes[0]?.measuring;
  return measuring === undefined ? USUAL_PASSES : measuring.sets.reduce((sum, set) => sum + measuring.images[set], 0) + (measuring.statisticsImages ?? 0);
}

/** Of so many points. */
export function costOf(points: number, landscape: Landscape, imagesPerSecond: number | null): Cost {
  const ms = msAPass(landscape, imagesPerSecond);
  return { points, ms: ms === null ? null : points * passesAPoint(landscape) * ms };
}

/** Points of all lines between so many networks: ends are shared. */
export function basinPoints(networks: number): number {
  return networks + ((networks * (networks - 1)) / 2) * (LINE_POINTS - 2);
}

/** Networks of the next basin: members that are done, and the pre-trained one unless the run is from scratch. */
export function basinNetworks({ members }: RunView): string[] {
  const done = members.filter(({ state }) => state.status === 'done').map(({ member }) => member.name);
  return members[0]?.member.checkpoint === null ? done : [...done, 'pretrained'];
}
