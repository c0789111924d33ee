/** What the user has set in the landscape; part of the toggles, so it outlives a reload. */
import { DEFAULT_THRESHOLD, MEASURED_SETS, type Measured, type MeasuredSet, type Threshold } from '../../../src/protocol/basin.ts';

export type Figure = keyof Measured;
export const RELATIONS = ['disagreement', 'normalised', 'distance', 'cosine', 'angle'] as const;
export type RelationName = (typeof RELATIONS)[number];
export const WAYS = ['distanceToStart', 'distanceToPretrained', 'distanceToMember1', 'cosineToFirst'] as const;
export type Way = (typeof WAYS)[number];
export const SIZES = [9, 17, 33] as const;
export type PlaneSize = (typeof SIZES)[number];
/** Pictures that can be tables. */
export const PICTURES = ['barriers', 'relations', 'line', 'plane', 'components', 'ways', 'noise'] as const;
export type Picture = (typeof PICTURES)[number];

export interface Choices {
  figure: Figure;
  set: MeasuredSet;
  relation: RelationName;
  threshold: Threshold;
  /** The pair whose line is shown, or null: the reference and the network farthest from its basin. */
  pair: readonly [string, string] | null;
  /** Three networks, or null: the first that there are. */
  plane: readonly [string, string, string] | null;
  size: PlaneSize;
  way: Way;
  part: 'whole' | 'backbone';
  tables: readonly Picture[];
}

/** Only what the user has changed: two changes may come from one and the same drawing of the view. */
export type ChoicesChange = Partial<Omit<Choices, 'threshold'>> & { threshold?: Partial<Threshold> };

export const DEFAULT_CHOICES: Choices = { figure: 'error', set: 'test', relation: 'disagreement', threshold: DEFAULT_THRESHOLD, pair: null, plane: null, size: 17, way: 'distanceToStart', part: 'backbone', tables: [] };

export function withChange(choices: Choices, change: ChoicesChange): Choices {
  return { ...choices, ...change, threshold: { ...choices.threshold, ...change.threshold } };
}

/** Reads what an earlier view left; what does not fit takes its default. */
export function choicesFrom(saved: unknown): Choices {
  if (typeof saved !== 'object' || saved === null) return DEFAULT_CHOICES;
  const value = saved as Partial<Record<keyof Choices, unknown>>;
  const oneOf = <T>(all: readonly T[], key: keyof Choices): T => all.find((each) => each === value[key]) ?? (DEFAULT_CHOICES[key] as T);
  const names = (key: keyof Choices, count: number): string[] | null => {
    const list = value[key];
    return Array.isArray(list) && list.length === count && list.every((name) => typeof name === 'string') ? list : null;
  };
  const threshold = value.threshold as Partial<Threshold> | undefined;
  const height = (key: keyof Threshold): number => (typeof threshold?.[key] === 'number' && threshold[key] >= 0 ? threshold[key] : DEFAULT_THRESHOLD[key]);
  return {
    figure: oneOf(['loss', 'error'] as const, 'figure'),
    set: oneOf(MEASURED_SETS, 'set'),
    relation: oneOf(RELATIONS, 'relation'),
    threshold: { error: height('error'), loss: height('loss') },
    pair: names('pair', 2) as Choices['pair'],
    plane: names('plane', 3) as Choices['plane'],
    size: oneOf(SIZES, 'size'),
    way: oneOf(WAYS, 'way'),
    part: oneOf(['whole', 'backbone'] as const, 'part'),
    tables: PICTURES.filter((picture) => Array.isArray(value.tables) && value.tables.includes(picture)),
  };
}
