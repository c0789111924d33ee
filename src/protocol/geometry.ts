/** Where the networks of a run lie: part of analyses/basin.json. Over trained weights; running statistics are none. */
import * as v from 'valibot';

/** Row and column: a network each, in the order of `networks`. null: cannot be said, for example of the angle of a displacement of length 0. */
export const MatrixSchema = v.array(v.array(v.nullable(v.number())));

export const GeometryPartSchema = v.object({
  /** `whole`, `backbone` (all but the head), or the name of a layer. */
  part: v.string(),
  /** How many numbers it is over. */
  parameters: v.number(),
  /** |w_i| */
  norm: v.array(v.nullable(v.number())),
  /** |w_i - w_j| */
  distance: MatrixSchema,
  /** |w_i - w_j| / |w_i| */
  relative: MatrixSchema,
  /** <w_i, w_j> / (|w_i| |w_j|) */
  cosine: MatrixSchema,
  /** Degrees between the displacements from the reference, w_i - w_1 and w_j - w_1. */
  angle: MatrixSchema,
  /** The same from the pre-trained network; null where it is not part of this. */
  angleFromPretrained: v.nullable(MatrixSchema),
});
export type GeometryPart = v.InferOutput<typeof GeometryPartSchema>;

/** Networks as points in the plane, or in more dimensions, in which they differ most. */
export const PrincipalComponentsSchema = v.object({
  part: v.picklist(['whole', 'backbone']),
  networks: v.array(v.string()),
  /** Of each component over the networks, divided by n - 1. */
  variance: v.array(v.number()),
  /** Its share of all variance. */
  explained: v.array(v.number()),
  /** [network][component], around the mean. The sign of a component means nothing. */
  coordinates: v.array(v.array(v.number())),
});
export type PrincipalComponents = v.InferOutput<typeof PrincipalComponentsSchema>;

export const GeometrySchema = v.object({
  /** The reference first. */
  networks: v.array(v.string()),
  /** `whole` is of the networks whose head is one of the task's; where the pre-trained network has another head it is null there. */
  parts: v.array(GeometryPartSchema),
  components: v.array(PrincipalComponentsSchema),
});
export type Geometry = v.InferOutput<typeof GeometrySchema>;
