/** What tasks.json says of a task of the type `starsse`. */
import * as v from 'valibot';

export const TASK_TYPE = 'starsse';

export const PlanTaskSchema = v.object({
  type: v.literal(TASK_TYPE),
  /** The plan file, absolute or relative to the workspace folder. */
  plan: v.pipe(v.string(), v.nonEmpty('a task of the type starsse names a plan')),
  /** More arguments of `starsse run`, for example `["--backend", "wasm"]`. */
  args: v.optional(v.array(v.string()), []),
});
export type PlanTask = v.InferOutput<typeof PlanTaskSchema>;
