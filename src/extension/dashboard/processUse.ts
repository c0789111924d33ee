/** Processor time and memory of processes of this machine: from /proc on Linux, from `ps` on macOS, of other systems nothing. */
import { readFile } from 'node:fs/promises';
import { askProgram } from './cardUse.ts';

export interface ProcessUse {
  /** Milliseconds of processor time since it began, of all threads. */
  cpuMs: number;
  rssBytes: number;
}

/** Linux tells processor time in ticks of USER_HZ, which is 100 on every architecture that Node runs on. */
const TICK_MS = 10;

/** @returns null for a process that is gone or cannot be looked at. */
export async function processUse(pid: number, platform: NodeJS.Platform = process.platform): Promise<ProcessUse | null> {
  try {
    if (platform === 'linux') return linuxUse(await readFile(`/proc/${pid}/stat`, 'latin1'), await readFile(`/proc/${pid}/status`, 'latin1'));
    if (platform === 'darwin') return psUse(await askProgram('ps', ['-o', 'rss=,time=', '-p', String(pid)]));
    return null;
  } catch {
    return null;
  }
}

/** proc_pid_stat(5): utime and stime are fields 14 and 15, counted from behind the name, which may hold brackets. */
export function linuxUse(stat: string, status: string): ProcessUse | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return Number.isNaN(ticks + kilobytes) ? null : { cpuMs: ticks * TICK_MS, rssBytes: kilobytes * 1024 };
}

/** `ps -o rss=,time=`: kilobytes, and [[days-]hours:]minutes:seconds. */
export function psUse(line: string): ProcessUse | null {
  const [, kilobytes, days = '0', time] = /^\s*(\d+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(line) ?? [];
  if (time === undefined) return null;
  const seconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
  return { cpuMs: seconds * 1000, rssBytes: Number(kilobytes) * 1024 };
}
