import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The user's folder for what is built or downloaded once for all workspaces: the native back end, Dawn.
 * `STARSSE_CACHE` overrides the platform's own place. The folder may not exist yet.
 *
 * @param env, platform, home stand in for the process's own in tests.
 * @returns an absolute path.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform, home = homedir()): string {
  if (env.STARSSE_CACHE) return resolve(env.STARSSE_CACHE);
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'starsse');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'starsse');
  // The XDG base directory specification tells to ignore a relative path.
  const base = env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : join(home, '.cache');
  return join(base, 'starsse');
}
