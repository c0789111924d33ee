/** What the user has set in the landscape; part of the toggles, so it outlives a reload. */
import { PLANE_SIZES, RANDOM_REACHES, SIMPLEX_STEPS } from '../../../src/protocol/analyses.ts';
import { DEFAULT_THRESHOLD, MEASURED_SETS, type Measured, type MeasuredSet, type Threshold } from '../../../src/protocol/basin.ts';

export type Figure = keyof Measured;
export const RELATIONS = ['disagreement', 'normalised', 'distance', 'cosine', 'angle'] as const;
export type RelationName = (typeof RELATIONS)[number];
export const WAYS = ['distanceToStart', 'distanceToPretrained', 'distanceToMember1', 'cosineToFirst'] as const;
export type Way = (typeof WAYS)[number];
export const SURFACES = ['plane', 'random', 'simplex'] as const;
export type SurfaceKind = (typeof SURFACES)[number];
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
  surface: SurfaceKind;
  /** Three networks of a plane or simplex, or null: the first that there are. */
  plane: readonly [string, string, string] | null;
  /** Where random directions begin, or null: the first network that there is. */
  centre: string | null;
  /** Of the random directions, an integer from 0. */
  seed: number;
  reach: (typeof RANDOM_REACHES)[number];
  /** Points a side of a plane, or of random directions. */
  size: (typeof PLANE_SIZES)[number];
  /** Of a side of a simplex. */
  steps: (typeof SIMPLEX_STEPS)[number];
  way: Way;
  part: 'whole' | 'backbone';
  tables: readonly Picture[];
}

/** Only what the user has changed: two changes may come from one and the same drawing of the view. */
export type ChoicesChange = Partial<Omit<Choices, 'threshold'>> & { threshold?: Partial<Threshold> };

export const DEFAULT_CHOICES: Choices = { figure: 'error', set: 'test', relation: 'disagreement', threshold: DEFAULT_THRESHOLD, pair: null, surface: 'plane', plane: null, centre: null, seed: 0, reach: 1, size: 17, steps: 8, way: 'distanceToStart', part: 'backbone', tables: [] };

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
    surface: oneOf(SURFACES, 'surface'),
    plane: names('plane', 3) as Choices['plane'],
    centre: typeof value.centre === 'string' ? value.centre : null,
    seed: seedFrom(value.seed) ?? DEFAULT_CHOICES.seed,
    reach: oneOf(RANDOM_REACHES, 'reach'),
    size: oneOf(PLANE_SIZES, 'size'),
    steps: oneOf(SIMPLEX_STEPS, 'steps'),
    way: oneOf(WAYS, 'way'),
    part: oneOf(['whole', 'backbone'] as const, 'part'),
    tables: PICTURES.filter((picture) => Array.isArray(value.tables) && value.tables.includes(picture)),
  };
}

/** @returns null for what is no seed */
export function seedFrom(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
