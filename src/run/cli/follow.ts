/** Showing a run until it ends: a live display in a terminal, a line an epoch elsewhere. */
import { createLogUpdate } from 'log-update';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunView } from '../../protocol/run.ts';
import { requestStop } from '../requests.ts';
import { Follower } from './follower.ts';
import { liveLines } from './live-lines.ts';
import { PlainReporter } from './plain-reporter.ts';

const LOOK_MS = 400;
/** A supervisor that was just started has this long to show itself. */
const GRACE_MS = 5000;

export interface FollowOptions {
  /** Where to write; nothing is shown when null. */
  to: NodeJS.WriteStream | null;
  /** The first Ctrl-C stops the run (else it ends the display only). */
  stops: boolean;
}

/** Follows a run until nobody works on it any more. @returns the last view, and whether the user left before the end. */
export async function follow(folder: string, { to, stops }: FollowOptions): Promise<{ run: RunView; left: boolean }> {
  const follower = new Follower(folder);
  // A pseudo-terminal without a size cannot be drawn on.
  const show = to === null ? null : to.isTTY && to.rows > 0 && to.columns > 0 ? liveDisplay(to) : plainDisplay(to);
  const leave = new AbortController();
  let stopping = false;
  const onInterrupt = (): void => {
    if (!stops || stopping) return leave.abort();
    stopping = true;
    requestStop(folder).catch(() => leave.abort());
  };
  process.on('SIGINT', onInterrupt);
  const startedAt = Date.now();
  try {
    for (;;) {
      const look = await follower.look();
      const { status } = look.run;
      const young = (status === 'queued' || status === 'interrupted') && Date.now() - startedAt < GRACE_MS;
      const over = status !== 'running' && status !== 'evaluating' && !young;
      show?.(look, over ? '' : lastLine(stops, stopping));
      if (over || leave.signal.aborted) return { run: look.run, left: !over };
      await wait(LOOK_MS, undefined, { signal: leave.signal }).catch(() => undefined);
    }
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

function lastLine(stops: boolean, stopping: boolean): string {
  if (stopping) return 'Stopping: finishing the step and saving. Ctrl-C again leaves it to that.';
  return stops ? 'Ctrl-C stops and saves; `starsse resume` goes on.' : 'Ctrl-C leaves; the run goes on.';
}

type Show = (look: Awaited<ReturnType<Follower['look']>>, lastLine: string) => void;

function liveDisplay(to: NodeJS.WriteStream): Show {
  const update = createLogUpdate(to, { showCursor: true });
  return (look, last) => {
    update(liveLines(look, last).join('\n'));
    if (last === '') update.done();
  };
}

function plainDisplay(to: NodeJS.WriteStream): Show {
  const reporter = new PlainReporter();
  return (look) => {
    for (const line of reporter.news(look)) to.write(`${line}\n`);
  };
}
