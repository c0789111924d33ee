import { StarsseError } from '../../../protocol/errors.ts';

/** Text as JSON; what is in it is checked where it is used. @throws StarsseError file-invalid */
export function parseModelJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StarsseError('file-invalid', `${what}: not valid JSON (${(cause as Error).message})`, { cause, hint: 'The file is torn or of another kind. Copy or make it again.' });
  }
}
