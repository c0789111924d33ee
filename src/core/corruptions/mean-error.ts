/**
 * The mean corruption error of rows. E(c, s) is the error at corruption c and severity s, over the 15 of the paper (or those that the
 * images allow):
 *   mean error = mean_c mean_s E(c, s);   relative = mean_c (sum_s E(c, s) / sum_s E_best(c, s)), the paper's mCE with another baseline
 */
import { MAIN_CORRUPTIONS, SEVERITIES, type CorruptionCell } from '../../protocol/robustness.ts';
import { mean } from '../metrics.ts';

/** @returns null for what needs cells that are not there; relative is null too where the baseline makes no error */
export function meanCorruptionError(cells: readonly CorruptionCell[], name: string, baseline: string): { meanError: number | null; relative: number | null } {
  const errors = (row: string): (number[] | null)[] =>
    MAIN_CORRUPTIONS.map((corruption) => {
      const found = SEVERITIES.map((severity) => cells.find((cell) => cell.corruption === corruption && cell.severity === severity)?.rows[row]?.error);
      return found.every((error) => error !== undefined) ? found : null;
    });
  const [own, other] = [errors(name), errors(baseline)];
  if (own.some((each) => each === null) || other.some((each) => each === null)) return { meanError: null, relative: null };
  const ratios = own.map((each, index) => mean(each!) / mean(other[index]!));
  return { meanError: mean(own.map((each) => mean(each!))), relative: ratios.every(Number.isFinite) ? mean(ratios) : null };
}
