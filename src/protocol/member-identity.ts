/** When two members of two plans are one and the same network, so that one training serves both (invariants X1, X2, X3). */
import type { Plan } from './plan.ts';
import type { Member } from './run.ts';

/** Fields of `training` that members carry themselves. */
const OF_MEMBERS = new Set(['epochs', 'warmup', 'schedule', 'scheduleBy', 'optimizer']);

/**
 * What a member's weights, rows and predictions are a function of, apart from the contents of files and the machine: the
 * member itself, those it goes back to, and the plan without what members carry themselves. Equal texts are equal members.
 * null for a member whose averages become soups of its own run.
 * @param members of the plan, each after what it starts from
 */
export function memberIdentities({ model, data, training, evaluation }: Plan, members: readonly Member[]): Map<string, string | null> {
  const common = {
    model: { ...model, checkpoint: null },
    data,
    training: Object.entries(training).filter(([field]) => !OF_MEMBERS.has(field)),
    optimizer: Object.entries(training.optimizer).filter(([field]) => field !== 'learningRate'),
    batchSize: evaluation.batchSize,
  };
  const identities = new Map<string, string | null>();
  for (const member of members) {
    const { name, startsFrom } = member;
    const start = startsFrom === 'pretrained' ? startsFrom : (identities.get(startsFrom) ?? null);
    const averaged = member.swa !== null || member.ema !== null;
    // Whoever goes on with its optimizer finds that in a file of its own.
    const goesOn = members.some((other) => other.startsFrom === name && !other.resetOptimizer);
    identities.set(name, start === null || averaged ? null : JSON.stringify([goesOn, start, { ...member, retries: [] }, common]));
  }
  return identities;
}
