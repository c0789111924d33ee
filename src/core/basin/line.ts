/** The loss between two networks: W(a) = (1-a) A + a B for a on an even grid from 0 to 1. */
import type { Curve, Line, MeasuredSet, MeasuredSets } from '../../protocol/basin.ts';
import { barrierOf } from './barrier.ts';
import { combine, type HostWeights } from './host-weights.ts';
import type { Measure } from './measure.ts';

/** The weights at a point of a line. The shares are quotients, so that the way back meets exactly the same weights. @param point of 0 .. points-1 */
export function pointOfLine(a: HostWeights, b: HostWeights, point: number, points: number): HostWeights {
  return combine([a, b], [(points - 1 - point) / (points - 1), point / (points - 1)]);
}

/** Measures every point; the ends are given as they are. @param points of the grid, endpoints included, at least 2 */
export async function lineBetween(measure: Measure, a: HostWeights, b: HostWeights, { points = 11, onPoint }: { points?: number; onPoint?: (done: number) => void } = {}): Promise<Line['sets']> {
  const measured: MeasuredSets[] = [];
  for (let point = 0; point < points; point++) {
    measured.push(await measure(point === 0 ? a : point === points - 1 ? b : pointOfLine(a, b, point, points)));
    onPoint?.(point + 1);
  }
  return curvesOf(measured);
}

/** The curve of each set from the points of a line, in their order. */
export function curvesOf(points: readonly MeasuredSets[]): Line['sets'] {
  const names = Object.keys(points[0]) as MeasuredSet[];
  return Object.fromEntries(names.map((name) => [name, curveOf(points.map((point) => point[name]!))]));
}

function curveOf(points: readonly { loss: number | null; error: number }[]): Curve {
  const loss = points.map((point) => point.loss);
  const error = points.map((point) => point.error);
  const [ofLoss, ofError] = [barrierOf(loss.map((value) => value ?? Infinity)), barrierOf(error)];
  return {
    loss,
    error,
    lossBarrier: finite(ofLoss.barrier),
    errorBarrier: ofError.barrier,
    frankleLossBarrier: finite(ofLoss.frankleBarrier),
    frankleErrorBarrier: ofError.frankleBarrier,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
