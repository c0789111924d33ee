/**
 * code-server from npm: the whole VS Code workbench and a real extension host, for machines that cannot download VS Code.
 * It is installed once into the user's cache folder and is no dependency of the project.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../src/backends/cache-folder.ts';

/** 4.139 carries VS Code 1.139. */
export const CODE_SERVER_VERSION = '4.139.1';

const project = path.resolve(import.meta.dirname, '../..');

/** The folder of the Node that builds and runs code-server: Node 24 with its headers, from npm. */
function nodeFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  const folder = path.join(project, 'node_modules', `node-${platform}`);
  if (!existsSync(path.join(folder, 'include/node/node_api.h'))) {
    throw new Error(`${folder} has no include/node. VS Code in a browser needs Node 24 and its headers, which npm has for linux-x64 and linux-arm64: run npm ci.`);
  }
  return folder;
}

export function hostNode(): string {
  return path.join(nodeFolder(), 'bin/node');
}

/** Where the installed package is, whether or not it is there yet. */
export function codeServerFolder(): string {
  return path.join(cacheFolder(), `code-server-${CODE_SERVER_VERSION}`);
}

export function codeServerIsInstalled(): boolean {
  return existsSync(serverMain());
}

/** The VS Code server's own entry, which takes VS Code's flags (code-server's wrapper does not). */
export function serverMain(): string {
  return path.join(codeServerFolder(), 'node_modules/code-server/lib/vscode/out/server-main.js');
}

/** code-server's command line, which installs extensions from a VSIX. */
export function codeServerEntry(): string {
  return path.join(codeServerFolder(), 'node_modules/code-server/out/node/entry.js');
}

/**
 * Installs code-server unless it is there. Needs Node 24, a C++ compiler, python3, libkrb5-dev and pkg-config.
 * @param report gets a line when the work starts, every 20 s, and when it ends.
 * @throws Error with the end of npm's output.
 */
export async function installCodeServer(report: (line: string) => void): Promise<void> {
  if (codeServerIsInstalled()) return;
  const target = codeServerFolder();
  const partial = `${target}.${process.pid}.partial`;
  const log = `${target}.log`;
  mkdirSync(partial, { recursive: true });
  report(`Installing code-server ${CODE_SERVER_VERSION} (620 MB, about two minutes, once) into ${target}`);
  const started = Date.now();
  const ticker = setInterval(() => report(`  still installing, ${Math.round((Date.now() - started) / 1000)} s; npm writes to ${log}`), 20_000);
  try {
    await runNpm(partial, log);
    if (existsSync(target)) rmSync(target, { recursive: true });
    renameSync(partial, target);
  } finally {
    clearInterval(ticker);
    rmSync(partial, { recursive: true, force: true });
  }
  report(`Installed code-server in ${Math.round((Date.now() - started) / 1000)} s`);
}

function runNpm(cwd: string, log: string): Promise<void> {
  const output = createWriteStream(log);
  const npm = spawn(
    'npm',
    ['install', '--prefix', cwd, '--ignore-scripts=false', '--foreground-scripts', '--no-audit', '--no-fund', `code-server@${CODE_SERVER_VERSION}`],
    {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...withoutProjectSettings(), PATH: `${path.dirname(hostNode())}:${process.env.PATH}`, npm_config_nodedir: nodeFolder() },
    },
  );
  npm.stdout.pipe(output, { end: false });
  npm.stderr.pipe(output, { end: false });
  return new Promise((resolve, reject) => {
    npm.on('error', reject);
    npm.on('close', (code) => {
      output.end(() => {
        if (code === 0 && existsSync(path.join(cwd, 'node_modules/code-server/lib/vscode/out/server-main.js'))) resolve();
        else reject(new Error(`npm install code-server ended with code ${code}. The end of ${log}:\n${readFileSync(log, 'utf8').split('\n').slice(-25).join('\n')}`));
      });
    });
  });
}

/** Under `npm test`, npm hands down the project's settings and its own Node; of them only the way to the registry is kept. */
function withoutProjectSettings(): NodeJS.ProcessEnv {
  const kept = /^npm_config_(registry|userconfig|cache|cafile|strict_ssl|proxy|https_proxy|noproxy)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name) || !/^(npm_|NODE$|INIT_CWD$)/i.test(name)));
}
