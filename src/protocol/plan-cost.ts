/** What the members of a plan cost, in epochs and forward passes: the same for every machine. Costs of methods: arXiv 2303.03374. */
import { generations } from './members.ts';
import type { Member } from './run.ts';
import { epochsOf } from './schedule.ts';

export interface PlanCost {
  members: number;
  /** Trained by all members together: E + (K - 1) C of StarSSE and SSE, K E of a deep ensemble. */
  epochs: number;
  /** Passed when all members that can train at once do: E + C of StarSSE. */
  shortest: number;
  /** Forward passes for one prediction. */
  passes: { soup: 1; ensemble: number };
}

/** @param members of one plan */
export function costOf(members: readonly Member[]): PlanCost {
  return {
    members: members.length,
    epochs: members.reduce((sum, member) => sum + epochsOf(member), 0),
    shortest: generations(members).reduce((sum, group) => sum + Math.max(...group.map(epochsOf)), 0),
    passes: { soup: 1, ensemble: members.length },
  };
}

/**
 * Local deep ensembles that cost no more than so many epochs: as many members, each trained for an equal share, and as many
 * members as a full fine-tuning leaves room for. What the shares leave over stays unused.
 */
export function equalBudget({ members, epochs }: Pick<PlanCost, 'members' | 'epochs'>, fullEpochs: number): { members: number; epochs: number }[] {
  const shares = [
    { members, epochs: Math.floor(epochs / members) },
    { members: Math.floor(epochs / fullEpochs), epochs: fullEpochs },
  ];
  return shares.filter((share, index) => share.members > 1 && share.epochs > 0 && shares.findIndex((other) => other.members === share.members) === index);
}
