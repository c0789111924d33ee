/** What a task has found on its way, beside how far it is: of soups, shown as it comes and kept in the header of the snapshot. */
import * as v from 'valibot';
import { GatedMemberSchema } from './soup.ts';

export const TaskStepSchema = v.variant('kind', [
  /** The gate has looked at a member. */
  v.object({ kind: v.literal('gate'), member: GatedMemberSchema }),
  /** A greedy rule has tried the soup of these; the score is the plan's metric on validation data. The first is the best member alone. */
  v.object({ kind: v.literal('try'), parents: v.array(v.string()), score: v.number(), taken: v.boolean() }),
  /** A point of the line of WiSE-FT; loss in nats, both on validation data. */
  v.object({ kind: v.literal('line'), alpha: v.number(), score: v.number(), loss: v.number() }),
]);
export type TaskStep = v.InferOutput<typeof TaskStepSchema>;
export type LinePoint = Omit<Extract<TaskStep, { kind: 'line' }>, 'kind'>;
