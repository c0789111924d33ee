import * as v from 'valibot';
import { StarsseError, type ErrorCode } from './errors.ts';

/** One wrong field: where it is within the value, and what is wrong with it. */
export interface FieldProblem {
  path: (string | number)[];
  message: string;
}

/** Every wrong field of a value, in the schema's order; empty when the value fits. */
export function fieldProblems(schema: v.GenericSchema, value: unknown): FieldProblem[] {
  const result = v.safeParse(schema, value);
  if (result.success) return [];
  return result.issues.map((issue) => ({
    path: (issue.path ?? []).map((item) => item.key as string | number),
    message: issue.message,
  }));
}

/**
 * Checks a value that came from outside (a file, a message) against a schema and fills in defaults.
 * @param what names the source in the error, for example the path of the file.
 * @throws StarsseError `code`, listing each wrong field as `path: problem`.
 */
export function parse<S extends v.GenericSchema>(schema: S, value: unknown, what: string, code: ErrorCode = 'file-invalid'): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const path = v.getDotPath(issue);
    return path === null ? issue.message : `${path}: ${issue.message}`;
  });
  throw new StarsseError(code, `${what}: ${problems.join('; ')}`);
}

/** `parse` for JSON text; text that is not JSON is the same kind of error. */
export function parseJson<S extends v.GenericSchema>(schema: S, text: string, what: string, code: ErrorCode = 'file-invalid'): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StarsseError(code, `${what}: not valid JSON (${(cause as Error).message})`, { cause });
  }
  return parse(schema, value, what, code);
}
