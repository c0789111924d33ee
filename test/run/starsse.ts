import { spawn } from 'node:child_process';
import path from 'node:path';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line as a program. */
export async function starsse(args: string[], { cwd = process.cwd(), onStart }: { cwd?: string; onStart?: (child: ReturnType<typeof spawn>) => void } = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', path.resolve('src/run/cli.ts'), ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  onStart?.(child);
  return await new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}
