/** What people write on a run: labels.json in its folder. Everything else about a run is made by programs. */
import * as v from 'valibot';

export const MOST_TAGS = 50;
const MOST_CHARACTERS = 100;

/** A tag is one word, so that a filter can name it: no blanks, no commas, no leading "@" or "#". */
export const TagSchema = v.pipe(v.string(), v.regex(/^[^\s,@#][^\s,]{0,59}$/u, 'a tag is one word of at most 60 characters'));

export const LabelsSchema = v.object({
  /** Shown instead of the plan's name; null leaves that. */
  name: v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(MOST_CHARACTERS))), null),
  /** Each once, in alphabetical order. */
  tags: v.optional(v.pipe(v.array(TagSchema), v.maxLength(MOST_TAGS)), []),
  /** Put away: lists leave it out unless they are asked for everything. */
  archived: v.optional(v.boolean(), false),
});
export type Labels = v.InferOutput<typeof LabelsSchema>;

export const NO_LABELS: Labels = { name: null, tags: [], archived: false };

/** A change of some labels; tags are added and removed one by one, so that two who tag one run do not undo each other. */
export interface LabelsChange {
  name?: string | null;
  addTags?: readonly string[];
  removeTags?: readonly string[];
  archived?: boolean;
}

/** @returns new labels, unchecked: parse them before they are written. */
export function changedLabels(labels: Labels, { name, addTags = [], removeTags = [], archived }: LabelsChange): Labels {
  const tags = new Set([...labels.tags, ...addTags].filter((tag) => !removeTags.includes(tag)));
  return {
    name: name === undefined ? labels.name : name,
    tags: [...tags].sort((a, b) => a.localeCompare(b, 'en')),
    archived: archived ?? labels.archived,
  };
}
