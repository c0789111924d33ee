import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `look` gives something true. @throws Error naming what did not come. */
export async function until<T>(what: string, look: () => T | Promise<T>, timeoutMs = 60_000): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(50)) {
    const seen = await look();
    if (seen) return seen as NonNullable<T>;
  }
  throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}`);
}
