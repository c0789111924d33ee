/** What a language model may hand to each tool; package.json has the same as JSON schemas, which a test compares. */
import * as v from 'valibot';

const run = v.pipe(v.string(), v.description('The run: its id or the beginning of one, its name, its folder, or "latest".'));

export const ListRunsSchema = v.object({
  filter: v.optional(v.pipe(v.string(), v.description('Words of the name, and terms as @status:done, @tag:good or @method:starsse. Empty for all runs.'))),
});

export const ReadResultsSchema = v.object({ run });

export const ProposePlanSchema = v.object({
  plan: v.pipe(v.looseObject({}), v.description('The whole plan as a JSON object: name, model, data, method, training. Paths are relative to the workspace folder.')),
});

export const StartRunSchema = v.object({
  file: v.pipe(v.string(), v.description('Name of the plan file in the workspace folder, for example "clothes.starsse.json".')),
  plan: v.optional(v.pipe(v.looseObject({}), v.description('The plan to save under that name first; without it the file has to be there. A file that is there is not replaced.'))),
});

export const MakeSoupSchema = v.object({
  run,
  members: v.optional(v.pipe(v.array(v.string()), v.description('Names of at least two members with a snapshot, for example ["member-1", "member-3"]. Without it all that are done.'))),
  rule: v.optional(v.pipe(v.picklist(['uniform', 'greedy']), v.description('uniform: the mean of all; greedy: only those that help on validation images.'))),
});

export const TOOL_INPUTS = {
  starsse_list_runs: ListRunsSchema,
  starsse_read_results: ReadResultsSchema,
  starsse_propose_plan: ProposePlanSchema,
  starsse_start_run: StartRunSchema,
  starsse_make_soup: MakeSoupSchema,
} as const;
export type ToolName = keyof typeof TOOL_INPUTS;
