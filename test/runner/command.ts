import { spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const CACHE = path.join(ROOT, 'test/.cache');

/** Runs a program in the project's folder with its output shown. @returns its exit code; 1 when a signal ended it. */
export function command(program: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** `command` for a program of node_modules, run by this Node. */
export function packageCommand(script: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return command(process.execPath, [path.join(ROOT, 'node_modules', script), ...args], env);
}
