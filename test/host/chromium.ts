/** Debian's (or the machine's own) Chromium, driven by playwright-core: the screen of the browser host. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** The browser's program, or null; `STARSSE_CHROMIUM` names another one. */
export function chromiumPath(): string | null {
  const named = process.env.STARSSE_CHROMIUM;
  if (named) return named;
  return PLACES.find((place) => existsSync(place)) ?? null;
}

/** @throws Error naming the places looked at when there is no browser. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) {
    throw new Error(`No Chromium at ${PLACES.join(', ')}: apt-get install chromium, or name one with STARSSE_CHROMIUM.`);
  }
  return chromium.launch({
    executablePath,
    // A browser started as root needs --no-sandbox; the rest keeps it from calling home.
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic',
    ],
  });
}
