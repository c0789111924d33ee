/** Finds and ends what a layer started and did not end, however detached it is: all of it has the mark in its environment. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const MARK = 'STARSSE_TEST_MARK';

export interface LeftOver {
  pid: number;
  command: string;
}

/** Kills what is still there after `graceMs`. @returns what it killed. */
export async function endLeftOvers(value: string, graceMs = 5000): Promise<LeftOver[]> {
  const deadline = Date.now() + graceMs;
  let rest = leftOver(value);
  while (rest.length > 0 && Date.now() < deadline) {
    await sleep(200);
    rest = leftOver(value);
  }
  for (const { pid } of rest) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // ended meanwhile
    }
  }
  return rest;
}

/** Processes with MARK=value in their environment, this one excepted. Linux only: elsewhere none are found. */
export function leftOver(value: string): LeftOver[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`${MARK}=${value}`)) return [];
        return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }];
      } catch {
        return []; // gone meanwhile, or another user's
      }
    })
    .filter(({ command }) => command !== '');
}
