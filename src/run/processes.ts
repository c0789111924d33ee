/** Whether the process that wrote a file is still at work. */
import { readFileSync } from 'node:fs';
import { getPriority, hostname, setPriority } from 'node:os';
import { INTERRUPTED_AFTER_MS } from '../protocol/run.ts';

export const HOST = hostname();

/** True while a process with this id exists on this machine; one that ended but was not yet collected does not count. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/**
 * True while the writer of a heartbeat is at work: a heartbeat of the last INTERRUPTED_AFTER_MS and, where that can be
 * asked, a living process. A process id alone proves nothing, since systems use ids again.
 */
export function isLive(writer: { pid: number | null; host: string | null; heartbeatAt: string | null }, nowMs = Date.now()): boolean {
  if (writer.pid === null || writer.heartbeatAt === null) return false;
  if (nowMs - Date.parse(writer.heartbeatAt) > INTERRUPTED_AFTER_MS) return false;
  return writer.host !== HOST || isAlive(writer.pid);
}

/** proc_pid_stat(5): `pid (name) state ...`, where the name may itself hold brackets. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'Z';
  } catch {
    return true;
  }
}

/** Nice of a training, on Unix: a program that a person waits for comes first, one that also computes gets three times as much. */
export const TRAINING_PRIORITY = 5;

/** This process and the threads that it starts from now on let the editor and others go first. */
export function yieldToOthers(): void {
  if (getPriority() < TRAINING_PRIORITY) setPriority(TRAINING_PRIORITY);
}
