/** Analyses of a real run of the sample (five members, 2026-11-26), as a host posts them for a simulated run of as many. */
import * as v from 'valibot';
import { simplexGrid, squareGrid } from '../../../src/core/basin/grid.ts';
import type { Analyses, AnalysesMessage } from '../../../src/protocol/analyses.ts';
import { BasinSoFarSchema, type BasinSoFar } from '../../../src/protocol/basin.ts';
import { SurfaceSchema, type Surface } from '../../../src/protocol/plane.ts';
import { SharpnessSchema } from '../../../src/protocol/sharpness.ts';
import type { SimulatedRun } from './simulated-run.ts';
import file from './landscape.json' with { type: 'json' };

export const BASIN: BasinSoFar = v.parse(BasinSoFarSchema, file.basin);
export const PLANES: Surface[] = v.parse(v.array(SurfaceSchema), file.planes);
/** By formulas: around a network the error rises with the distance, in one direction faster; averages are best in the middle. */
const axis = (low: number, high: number, count: number): number[] => Array.from({ length: count }, (_, index) => low + ((high - low) * index) / (count - 1));
const sets = (error: number): Surface['points'][number]['sets'] => ({ train: { error: error * 0.7, loss: 4 * error * 0.7 }, test: { error, loss: 4 * error } });
export const RANDOM: Surface = {
  ...PLANES[1], key: '00000000aa', kind: 'random', networks: ['member-1'], seed: 0, places: [{ network: 'member-1', x: 0, y: 0 }], columns: axis(-1, 1, 17), rows: axis(-1, 1, 17), contours: [],
  points: squareGrid(17).map((point) => {
    const [x, y] = [point.column / 8 - 1, point.row / 8 - 1];
    return { ...point, sets: sets(0.9 - 0.74 * Math.exp(-(2.4 * x * x + 0.9 * y * y + 0.9 * x * y + 0.25 * y * y * y))) };
  }),
};
export const SIMPLEX: Surface = {
  ...PLANES[1], key: '00000000bb', kind: 'simplex', networks: ['member-1', 'member-2', 'member-3'], seed: null, places: [], columns: axis(0, 1, 9), rows: axis(0, 1, 9), contours: [],
  points: simplexGrid(8).map((point) => {
    const shares = [1 - (point.column + point.row) / 8, point.column / 8, point.row / 8];
    return { ...point, sets: sets(0.155 + 0.02 * shares[2] + 0.05 * shares.reduce((sum, share) => sum + share * share, 0)) };
  }),
};
const ALL: Analyses = {
  isTrusted: true, basin: BASIN, planes: PLANES.map((plane) => ({ ...plane, points: [] })), sharpness: v.parse(SharpnessSchema, file.sharpness),
  measures: file.measures as Analyses['measures'], diversity: file.diversity as Analyses['diversity'], busy: [], problems: [],
};
export const NOTHING: Analyses = { isTrusted: true, basin: null, planes: [], sharpness: null, measures: [], diversity: null, busy: [], problems: [] };

/** Everything that was measured; `changed` instead of parts of it. */
export function measured(changed: Partial<Analyses> = {}): AnalysesMessage {
  const all = { ...ALL, ...changed };
  return { type: 'analyses', isAll: true, changed: all, points: PLANES.filter(({ key }) => all.planes.some((plane) => plane.key === key)).map(({ key, points }) => ({ key, points })) };
}

export function nothing(changed: Partial<Analyses> = {}): AnalysesMessage {
  return { type: 'analyses', isAll: true, changed: { ...NOTHING, ...changed }, points: [] };
}

/** Points of a plane in the order in which they are measured, from the first. */
export function pointsOf(plane: Surface, from: number, to: number): AnalysesMessage {
  return { type: 'analyses', isAll: false, changed: {}, points: [{ key: plane.key, points: plane.points.slice(from, to) }] };
}

/** Barriers of some lines made higher, so that all verdicts are there. */
export function withBarriers(errors: Record<string, number>): BasinSoFar {
  const basin = structuredClone(BASIN);
  for (const line of basin.lines) {
    const error = errors[`${line.a} ${line.b}`];
    if (error === undefined) continue;
    for (const curve of Object.values(line.sets)) {
      curve.error = curve.error.map((value, point) => value + error * Math.sin((Math.PI * point) / 10));
      curve.loss = curve.loss.map((value, point) => value! + 4 * error * Math.sin((Math.PI * point) / 10));
      Object.assign(curve, { errorBarrier: curve.errorBarrier + error, lossBarrier: curve.lossBarrier! + 4 * error });
    }
  }
  return basin;
}

/** The real run's ways through the space of weights in the rows of the simulated one. */
export function addWays(run: SimulatedRun): void {
  for (const [member, epochs] of Object.entries(file.ways)) {
    for (const row of run.rows.get(member) ?? []) if (row.kind === 'epoch') Object.assign(row, epochs[row.epoch]);
  }
}
