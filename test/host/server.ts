/** Starts the VS Code server of code-server on a free port of 127.0.0.1, and ends it with everything it started. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { hostNode, serverMain } from './code-server.ts';

export interface ServerOptions {
  /** Settings, logs and workspace state of this server; made if missing. */
  dataFolder: string;
  /** Installed extensions; made if missing. */
  extensionsFolder: string;
  /** Lets a page ask for an extension under development and its tests. */
  smokeTestDriver?: boolean;
  /** False starts folders in Restricted Mode. */
  trustWorkspaces?: boolean;
  /** Display language, for which the server has a pack. */
  language?: string;
  /** Ends the server some minutes after the last page has gone, should nobody be left to stop it. */
  endWhenIdle?: boolean;
  env?: NodeJS.ProcessEnv;
}

export interface Server {
  port: number;
  pid: number;
  /** Opens `folder` (absolute); `payload` names an extension under development and its tests. */
  address(folder: string, payload?: [string, string][]): string;
  /** `file` (absolute) as the workbench names it. */
  uri(file: string): string;
  logFile: string;
  /** Comes when the server has ended, whoever ended it. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** @throws Error when the server has not said which port it listens on within a minute. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { dataFolder, extensionsFolder, smokeTestDriver = false, trustWorkspaces = true, language, endWhenIdle = true, env = process.env } = options;
  mkdirSync(dataFolder, { recursive: true });
  mkdirSync(extensionsFolder, { recursive: true });
  const token = randomBytes(16).toString('hex');
  const logFile = path.join(dataFolder, 'server.log');
  const flags = [
    '--host', '127.0.0.1', '--port', '0', '--connection-token', token, '--accept-server-license-terms',
    '--server-data-dir', dataFolder, '--extensions-dir', extensionsFolder, '--telemetry-level', 'off',
    ...(endWhenIdle ? ['--enable-remote-auto-shutdown'] : []),
    ...(smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
    ...(language === undefined ? [] : ['--locale', language]),
    ...(trustWorkspaces ? ['--disable-workspace-trust'] : []),
  ];
  const child = spawn(hostNode(), [serverMain(), ...flags], { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const killOnExit = () => killGroup(child, 'SIGKILL');
  process.once('exit', killOnExit);
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const stop = async () => {
    process.off('exit', killOnExit);
    await end(child, ended);
  };
  try {
    const port = await listeningPort(child, logFile);
    const uri = (file: string) => `vscode-remote://127.0.0.1:${port}${file}`;
    const address = (folder: string, payload: [string, string][] = []) => {
      const query = new URLSearchParams({ tkn: token, folder });
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `http://127.0.0.1:${port}/?${query}`;
    };
    return { port, pid: child.pid!, address, uri, logFile, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listeningPort(child: ChildProcess, logFile: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string) => reject(new Error(`The VS Code server ${why}. It wrote (${logFile}):\n${output.slice(-3000)}`));
    const timer = setTimeout(() => fail(`did not listen within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    child.once('error', (error) => fail(`did not start: ${error.message}`));
    child.once('exit', (code) => fail(`ended with code ${code}`));
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (data: Buffer) => {
        output += data;
        const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
        if (port === undefined) return;
        clearTimeout(timer);
        resolve(Number(port));
      });
    }
  });
}

/** SIGTERM to the server and all of its hosts; after 5 s, SIGKILL. */
async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  killGroup(child, 'SIGTERM');
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), 5000);
  if (child.pid !== undefined) await ended;
  clearTimeout(timer);
  killGroup(child, 'SIGKILL');
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone: nothing is left to end.
  }
}
