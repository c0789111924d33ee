import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `look` gives something true. @throws Error naming what did not come, and what was seen last. */
export async function until<T>(what: string, look: () => Promise<T>, timeoutMs = 60_000): Promise<NonNullable<T>> {
  let seen: T | undefined;
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(200)) {
    seen = await look();
    if (seen) return seen as NonNullable<T>;
  }
  throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}; last seen: ${String(seen)}`);
}
