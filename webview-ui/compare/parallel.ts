/** Parallel coordinates: an axis a setting or result, a line a run or a cell of the tuner, and stretches of axes that are chosen. */
import type { ComparedRun, Sweep, SweepPoint } from '../../src/protocol/compare-messages.ts';
import { bestMember, bestSoup, largestEnsemble } from './columns.ts';

export interface Axis {
  key: string;
  /** Names in their order from below; null of numbers. */
  names: string[] | null;
  low: number;
  high: number;
}

/** A stretch of an axis, 0 (below) to 1. */
export interface Brush {
  from: number;
  to: number;
}
export type Brushes = Readonly<Record<string, Brush>>;

/** The runs themselves as a sweep. */
export function sweepOfRuns(runs: readonly ComparedRun[]): Sweep {
  const points = runs.map((compared): SweepPoint => ({
    label: compared.run.name,
    folder: compared.run.folder,
    values: {
      method: compared.run.method, members: compared.run.members.length, epochs: compared.epochs, learningRate: compared.learningRate,
      best: bestMember(compared)?.accuracy ?? null, soup: bestSoup(compared)?.accuracy ?? null, ensemble: largestEnsemble(compared)?.accuracy ?? null,
    },
  }));
  return { name: '', metric: 'accuracy', points };
}

/** Axes on which some point has a value. Numbers of one value lie in the middle. */
export function axesOf(points: readonly SweepPoint[]): Axis[] {
  const keys = [...new Set(points.flatMap(({ values }) => Object.keys(values)))];
  return keys.flatMap((key): Axis[] => {
    const values = points.flatMap(({ values: each }) => each[key] ?? []);
    if (values.length === 0) return [];
    if (values.some((value) => typeof value === 'string')) return [{ key, names: [...new Set(values.map(String))].sort(), low: 0, high: 1 }];
    const numbers = values.map(Number);
    return [{ key, names: null, low: Math.min(...numbers), high: Math.max(...numbers) }];
  });
}

/** Where a value lies on its axis, 0 to 1; null where there is none. */
export function placeOf({ key, names, low, high }: Axis, { values }: SweepPoint): number | null {
  const value = values[key] ?? null;
  if (value === null) return null;
  if (names !== null) return names.length === 1 ? 0.5 : names.indexOf(String(value)) / (names.length - 1);
  return high === low ? 0.5 : (Number(value) - low) / (high - low);
}

/** Lines of the tuner's cells have the colour of what came out: the ensemble's figure, or the soup's where none has an ensemble. Lines of runs have those of the runs. */
export function resultAxis({ name, points }: Sweep): Axis | null {
  return name === '' ? null : (axesOf(points).find(({ key }) => key === 'ensemble') ?? axesOf(points).find(({ key }) => key === 'soup') ?? null);
}

/** Whether a line passes through every chosen stretch. */
export function passes(point: SweepPoint, axes: readonly Axis[], brushes: Brushes): boolean {
  return axes.every((axis) => {
    const brush = brushes[axis.key];
    if (brush === undefined) return true;
    const place = placeOf(axis, point);
    return place !== null && place >= brush.from - 1e-9 && place <= brush.to + 1e-9;
  });
}

/** Arrows move a stretch, with Shift they move its upper end; Escape and Delete take it away. @returns undefined when the key means nothing */
export function brushByKey(brush: Brush | undefined, key: string, shift: boolean): Brush | null | undefined {
  if (key === 'Escape' || key === 'Delete') return null;
  const step = key === 'ArrowUp' ? 0.05 : key === 'ArrowDown' ? -0.05 : null;
  if (step === null) return undefined;
  if (brush === undefined) return step > 0 ? { from: 0.75, to: 1 } : { from: 0, to: 0.25 };
  if (shift) return { from: brush.from, to: Math.min(1, Math.max(brush.from + 0.05, brush.to + step)) };
  const moved = Math.min(1 - brush.to, Math.max(-brush.from, step));
  return { from: brush.from + moved, to: brush.to + moved };
}
