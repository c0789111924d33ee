/**
 * What a rule for soups is: how one number of the new network follows from the same number of its parents. A rule sees tensors stretch by stretch, so
 * that networks need not fit into memory, and in the layouts of files.
 */

export type Floats = Float32Array | Float64Array;

export interface TensorInfo {
  name: string;
  /** safetensors' name of the type. */
  dtype: string;
  shape: readonly number[];
}

/** The numbers of one stretch of a tensor, of each parent. Pre-trained weights, where a rule has them, come last. */
export type Stretch = readonly Floats[];

export interface SoupRule {
  /** How often the rule looks at all floating-point tensors, in one order, before it mixes. */
  looks: number;
  /** @param pass from 0 */
  look?(pass: number, tensor: TensorInfo, stretch: Stretch): void;
  /** @param from the place of the stretch in the tensor. @param result as long as the stretch */
  mix(tensor: TensorInfo, stretch: Stretch, from: number, result: Floats): void;
}

/** Running mean and variance of a batch norm: no weights, so no direction in which a network was trained. */
export function isStatistic({ name }: TensorInfo): boolean {
  return /\.running_(mean|var)$/.test(name);
}

/** The layer of a tensor: its name without the last part. */
export function layerOf({ name }: TensorInfo): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}
