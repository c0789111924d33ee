/** How two networks of a run stand to each other: barrier, verdict, distance, angle. Everything from analyses, nothing computed anew. */
import { verdictOf, type BasinSoFar, type Line, type MeasuredSet, type Threshold, type Verdict } from '../../../src/protocol/basin.ts';
import type { MemberDiversity } from '../../../src/protocol/analyses.ts';
import type { GeometryPart } from '../../../src/protocol/geometry.ts';
import type { Figure, RelationName } from './choices.ts';

export const PRETRAINED = 'pretrained';
/** A matrix over `names`, [row][column]; undefined where there is no figure. */
export interface Matrix {
  names: readonly string[];
  values: (number | undefined)[][];
}

export interface Relation {
  line: Line;
  /** null of the pre-trained network: its line tells how the loss falls on the way. */
  verdict: Verdict | null;
  distance: number | null;
  /** Degrees, mean, between its way from the reference and those of the other networks that were trained; null with fewer than two. */
  angle: number | null;
}

export function lineBetween({ lines }: BasinSoFar, a: string, b: string): Line | undefined {
  return lines.find((line) => (line.a === a && line.b === b) || (line.a === b && line.b === a));
}

/** The highest barrier of a figure on any of the sets; Infinity where a loss is. */
export function highestBarrier({ sets }: Line, figure: Figure): number {
  return Math.max(...Object.values(sets).map((curve) => (figure === 'error' ? curve.errorBarrier : (curve.lossBarrier ?? Infinity))));
}

export function barrierOf(line: Line, figure: Figure, set: MeasuredSet): number | undefined {
  const curve = line.sets[set];
  return curve === undefined ? undefined : figure === 'error' ? curve.errorBarrier : (curve.lossBarrier ?? Infinity);
}

/** null while the line is not measured. */
export function relationOf(basin: BasinSoFar, a: string, b: string, threshold: Threshold): Relation | null {
  const line = lineBetween(basin, a, b);
  if (line === undefined) return null;
  const other = a === basin.reference ? b : a;
  const angles = basin.networks.flatMap((name) => (name === basin.reference || name === other || name === PRETRAINED ? [] : [geometryValue(basin, 'angle', other, name) ?? []])).flat();
  return {
    line,
    verdict: a === PRETRAINED || b === PRETRAINED ? null : verdictOf(line, threshold),
    distance: geometryValue(basin, 'distance', a, b),
    angle: other === PRETRAINED || angles.length === 0 ? null : angles.reduce((sum, angle) => sum + angle, 0) / angles.length,
  };
}

/** Of the whole network; of the body where the two have heads of different tasks. */
function geometryValue({ geometry }: BasinSoFar, what: 'distance' | 'cosine' | 'angle', a: string, b: string): number | null {
  const [row, column] = [geometry.networks.indexOf(a), geometry.networks.indexOf(b)];
  const of = (name: string): number | null => geometry.parts.find(({ part }) => part === name)?.[what][row]?.[column] ?? null;
  return of('whole') ?? of('backbone');
}

export function barrierMatrix(basin: BasinSoFar, figure: Figure, set: MeasuredSet): Matrix {
  const { networks: names } = basin;
  const value = (a: string, b: string): number | undefined => {
    const line = a === b ? undefined : lineBetween(basin, a, b);
    return line === undefined ? undefined : barrierOf(line, figure, set);
  };
  return { names, values: names.map((a) => names.map((b) => value(a, b))) };
}

/** null where that was not measured. */
export function relationMatrix(relation: RelationName, basin: BasinSoFar | null, diversity: MemberDiversity | null): Matrix | null {
  if (relation === 'disagreement' || relation === 'normalised') {
    return diversity === null ? null : { names: diversity.members, values: diversity[relation].map((row, place) => row.map((value, column) => (place === column ? undefined : value))) };
  }
  if (basin === null) return null;
  const { networks: names } = basin.geometry;
  return { names, values: names.map((a) => names.map((b) => (a === b ? undefined : (geometryValue(basin, relation, a, b) ?? undefined)))) };
}

/** The part of the geometry of that name. */
export function partOf({ geometry }: BasinSoFar, name: string): GeometryPart | undefined {
  return geometry.parts.find(({ part }) => part === name);
}
