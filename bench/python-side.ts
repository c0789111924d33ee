/** The Python side of a bench: a script of bench/pytorch that answers every line with a line. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface PythonSide {
  /** Its first line: what it is. */
  hello: string;
  /** Sends a line. @returns its answer */
  ask(line: string): Promise<string>;
  close(): void;
}

/** @param python with the libraries that the script needs; see test/reference/python.ts. @throws Error when it ends instead of answering */
export async function pythonSide(python: string, script: string, args: readonly string[], env: Record<string, string> = {}): Promise<PythonSide> {
  const child = spawn(python, ['-W', 'ignore', path.join(import.meta.dirname, 'pytorch', script), ...args], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended without an answer`);
    return value;
  };
  return {
    hello: await answer(),
    async ask(line) {
      child.stdin.write(`${line}\n`);
      return await answer();
    },
    close: () => child.stdin.end(),
  };
}
