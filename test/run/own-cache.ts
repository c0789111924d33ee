import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

/** Decoded images of this file's tests do not go into the user's cache. @returns the folder, gone after the tests */
export function useOwnCache(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'starsse-cache-'));
  process.env.STARSSE_CACHE = folder;
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
