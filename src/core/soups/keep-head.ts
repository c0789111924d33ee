/** Rules that start from pre-trained weights, for networks with a head that was new: there are no pre-trained weights of it, so it is the members' mean. */
import { addUp } from './linear.ts';
import type { SoupRule, TensorInfo } from './rule.ts';

/** @param parents those that have a head, which come first. @param isHead of a tensor that the rule is not asked about */
export function withMeanHead(rule: SoupRule, parents: number, isHead: (tensor: TensorInfo) => boolean): SoupRule {
  const shares = { weights: new Array<number>(parents).fill(1), divisor: parents };
  return {
    looks: rule.looks,
    look(pass, tensor, stretch) {
      if (!isHead(tensor)) rule.look?.(pass, tensor, stretch);
    },
    mix(tensor, stretch, from, result) {
      if (isHead(tensor)) addUp(stretch.slice(0, parents), shares, result);
      else rule.mix(tensor, stretch, from, result);
    },
  };
}
