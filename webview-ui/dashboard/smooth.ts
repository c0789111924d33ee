/**
 * Exponential moving average without the bias of its start, as TensorBoard draws it:
 * s_n = w s_(n-1) + (1 - w) y_n with s_0 = 0; shown is s_n / (1 - w^n). (Adam's correction, Kingma and Ba 2015.)
 */

/** @param weight in [0, 1): 0 returns the values themselves. Same length as `values`. */
export function smooth(values: readonly number[], weight: number): number[] {
  let average = 0;
  let remaining = 1; // w^n
  return values.map((value) => {
    average = weight * average + (1 - weight) * value;
    remaining *= weight;
    return average / (1 - remaining);
  });
}
