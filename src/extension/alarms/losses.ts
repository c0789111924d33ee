/** Losses of a member from the two ends of its log: a few kilobytes, however long it is. */
import { open } from 'node:fs/promises';
import { parseJson } from '../../protocol/parse.ts';
import { RowSchema } from '../../protocol/rows.ts';
import type { Losses } from './alarms.ts';

const END_BYTES = 4096;
/** Steps whose losses are one figure. */
const STEPS = 10;

/** @returns null while there are fewer steps than two figures need, or none can be read */
export async function readLosses(file: string): Promise<Losses | null> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const part = async (from: number): Promise<number[]> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(END_BYTES, size)), 0, Math.min(END_BYTES, size), from);
      return lossesIn(buffer.toString('utf8', 0, bytesRead));
    };
    const [first, last] = [(await part(0)).slice(0, STEPS), (await part(Math.max(0, size - END_BYTES))).slice(-STEPS)];
    return first.length < STEPS || last.length < STEPS || size < 2 * END_BYTES ? null : { start: mean(first), now: mean(last) };
  } finally {
    await handle.close();
  }
}

/** Half a line at either end is left out. */
function lossesIn(text: string): number[] {
  return text.split('\n').flatMap((line) => {
    try {
      const row = parseJson(RowSchema, line, 'a line of the log');
      return row.kind === 'step' ? [row.loss] : [];
    } catch {
      return [];
    }
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
