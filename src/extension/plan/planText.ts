/** A plan's text as JSON, and edits of fields that leave the rest of the text as it is, comments and all. */
import { applyEdits, getNodeValue, modify, parseTree, type JSONPath, type ParseError } from 'jsonc-parser';
import type { FieldEdit, PlanDocument } from '../../protocol/plan-editor-messages.ts';

/** A comment, which JSON does not have and the trainer refuses, can be edited around. */
export function documentOf(text: string, version: number): PlanDocument {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: false, allowTrailingComma: false });
  if (tree === undefined || errors.length > 0) {
    const at = errors.length === 0 ? 0 : Math.min(errors[0].offset, text.length);
    const before = text.slice(0, at).split('\n');
    return { version, value: null, syntax: { line: before.length, column: before[before.length - 1].length + 1 } };
  }
  return { version, value: getNodeValue(tree) as unknown, syntax: null };
}

export interface Replacement {
  /** UTF-16 units from the start of the text. */
  offset: number;
  length: number;
  text: string;
}

/** The one replacement that does all edits, in their order; null when they change nothing. */
export function replacementFor(text: string, edits: readonly FieldEdit[]): Replacement | null {
  const formattingOptions = { ...indentOf(text), eol: text.includes('\r\n') ? '\r\n' : '\n' };
  let after = text;
  for (const { path, value } of edits) {
    after = applyEdits(after, modify(after, path as JSONPath, value, { formattingOptions }));
  }
  if (after === text) return null;
  let start = 0;
  while (start < text.length && start < after.length && text[start] === after[start]) start += 1;
  let end = 0;
  while (end < text.length - start && end < after.length - start && text[text.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { offset: start, length: text.length - start - end, text: after.slice(start, after.length - end) };
}

function indentOf(text: string): { insertSpaces: boolean; tabSize: number } {
  const first = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return first.startsWith('\t') ? { insertSpaces: false, tabSize: 1 } : { insertSpaces: true, tabSize: first.length };
}
