/** A data file that cannot be opened, as an error that says what to do. */
import { StarsseError } from '../../../protocol/errors.ts';

/** @param error of node:fs */
export function missingOrUnreadable(file: string, error: unknown): StarsseError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new StarsseError('data-missing', `The data file ${file} is missing`, {
      hint: "Put it there or correct data in the plan. `npm run quickstart` prepares the sample's data.",
      cause: error,
    });
  }
  return new StarsseError('data-invalid', `The data file ${file} cannot be read: ${message}`, { cause: error });
}
