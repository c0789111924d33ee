/** What is wrong with a plan, and where in its text: the checks that a trainer makes of a plan before it starts. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { findNodeAtLocation, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { StarsseError } from '../../protocol/errors.ts';
import { membersOf } from '../../protocol/methods.ts';
import { fieldProblems, parse } from '../../protocol/parse.ts';
import { PlanSchema, type Plan } from '../../protocol/plan.ts';
import { filesNamedBy } from '../../protocol/named-files.ts';

export interface PlanProblem {
  /** UTF-16 units from the start of the text. */
  offset: number;
  length: number;
  /** A field that does not fit, with what is wrong; members that cannot be made of the plan; a file that it names and that is not there. */
  kind: 'field' | 'members' | 'missing-file';
  /** From the top of the plan to the field; empty for the whole plan. */
  path: (string | number)[];
  /** The same, dotted. */
  field: string;
  message: string;
}

/**
 * @param folder of the plan: what the paths in it are relative to.
 * @returns nothing for text that is not JSON: the editor's own JSON support points at that.
 */
export async function planProblems(text: string, folder: string): Promise<PlanProblem[]> {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (tree === undefined || errors.length > 0) return [];
  const value: unknown = JSON.parse(text);
  const fields = fieldProblems(PlanSchema, value);
  if (fields.length > 0) {
    return fields.map(({ path: keys, message }) => ({ ...rangeOf(tree, keys), kind: 'field', path: keys, field: keys.join('.'), message }));
  }
  const plan = parse(PlanSchema, value, 'plan', 'plan-invalid');
  const problems = memberProblems(plan, tree);
  for (const { keys, file } of filesNamedBy(plan)) {
    const absolute = path.resolve(folder, file);
    if (await access(absolute).then(() => true, () => false)) continue;
    problems.push({ ...rangeOf(tree, keys), kind: 'missing-file', path: keys, field: keys.join('.'), message: absolute });
  }
  return problems;
}

/** Clones, seeds that are too few, a cycle without an epoch, a head without a checkpoint: what `membersOf` refuses. */
function memberProblems(plan: Plan, tree: Node): PlanProblem[] {
  try {
    membersOf(plan);
    return [];
  } catch (error) {
    const { code, message, hint } = StarsseError.from(error);
    // Of a field the message begins with its path.
    const keys = code === 'clones' ? ['memberSeeds'] : (/^[a-zA-Z]\w*(\.\w+)*/.exec(message)?.[0].split('.') ?? []);
    const shown = keys[0] in PlanSchema.entries ? keys : [];
    return [{ ...rangeOf(tree, shown), kind: 'members', path: shown, field: shown.join('.'), message: hint === undefined ? message : `${message}. ${hint}` }];
  }
}

/** The value at `keys`; of a field that is missing, the nearest that is there: its key if it has one, else the first brace. */
export function rangeOf(tree: Node, keys: (string | number)[]): { offset: number; length: number } {
  for (let depth = keys.length; depth >= 0; depth--) {
    const node = findNodeAtLocation(tree, keys.slice(0, depth));
    if (node === undefined) continue;
    if (depth === keys.length && (node.type !== 'object' && node.type !== 'array')) return { offset: node.offset, length: node.length };
    const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
    return key === undefined ? { offset: node.offset, length: 1 } : { offset: key.offset, length: key.length };
  }
  return { offset: tree.offset, length: 1 };
}
