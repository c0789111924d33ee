import type { LogOutputChannel } from 'vscode';
import type { BaseIssue, BaseSchema } from 'valibot';
import { StarsseError } from '../../protocol/errors.ts';
import { parse } from '../../protocol/parse.ts';

/** A message of a view. @param view for the log: "the dashboard". @returns null for what is none, which the log tells */
export function received<T>(schema: BaseSchema<unknown, T, BaseIssue<unknown>>, raw: unknown, view: string, log: LogOutputChannel): T | null {
  try {
    return parse(schema, raw, `message of ${view}`);
  } catch (error) {
    log.error(StarsseError.from(error).message);
    return null;
  }
}
