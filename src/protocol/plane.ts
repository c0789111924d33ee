/** analyses/plane-<key>.json: loss and error on a surface through networks. Its points come one by one in plane-<key>.ndjson. */
import * as v from 'valibot';
import { BudgetSchema, MeasuredSetsSchema, MeasuringSchema, MEASURED_SETS } from './basin.ts';

/** One line of the points' file, after the first. */
export const SurfacePointSchema = v.object({
  /** Place in the grid, from 0; of a simplex the steps towards the second and third network. */
  column: v.number(),
  row: v.number(),
  /** 0 is the coarsest grid. */
  level: v.number(),
  sets: MeasuredSetsSchema,
});
export type SurfacePoint = v.InferOutput<typeof SurfacePointSchema>;

/** Regions in which a figure is at least `value`: polygons of rings of [x, y], the first ring the outside, the others holes (as GeoJSON's MultiPolygon). */
export const ContourSchema = v.object({ value: v.number(), polygons: v.array(v.array(v.array(v.tuple([v.number(), v.number()])))) });
export type Contour = v.InferOutput<typeof ContourSchema>;

export const SurfaceSchema = v.object({
  createdAt: v.string(),
  key: v.string(),
  /** plane: through three networks; random: two filter-normalised directions from one; simplex: averages of three. */
  kind: v.picklist(['plane', 'random', 'simplex']),
  networks: v.array(v.string()),
  /** Of the random directions; null of the other kinds, and in files of versions that did not write it. */
  seed: v.optional(v.nullable(v.number()), null),
  /** Where the networks lie, [x, y]. Of a plane in units of distance; random: in multiples of the direction; a simplex has none. */
  places: v.array(v.object({ network: v.string(), x: v.number(), y: v.number() })),
  /** Coordinates of the columns and rows; of a simplex shares of the second and third network. */
  columns: v.array(v.number()),
  rows: v.array(v.number()),
  measuring: MeasuringSchema,
  budget: BudgetSchema,
  /** Whose head a pre-trained body has; null where it is not among the networks or has its own. */
  headOf: v.nullable(v.string()),
  /** As the grid is refined; the last is whole when `isWhole`. */
  points: v.array(SurfacePointSchema),
  isWhole: v.boolean(),
  /** In the coordinates of `columns` and `rows`. None of a simplex, nor of a grid that is not whole. */
  contours: v.array(v.object({ set: v.picklist(MEASURED_SETS), figure: v.picklist(['loss', 'error']), levels: v.array(ContourSchema) })),
});
export type Surface = v.InferOutput<typeof SurfaceSchema>;
