/**
 * `npm run editor`: opens the extension on the sample workspace, in a downloaded VS Code where that works, else in a
 * browser. Builds, writes the sample's data and gets the editor first, each only when needed. Ctrl-C ends it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { editorHost, hasDisplay } from '../test/host/choose.ts';
import { installCodeServer } from '../test/host/code-server.ts';
import { installVsix, packedVsix } from '../test/host/installed.ts';
import { startServer } from '../test/host/server.ts';
import { userSettingsFile, writeUserSettings } from '../test/host/user-settings.ts';
import { buildIfStale } from './build.mjs';

const root = path.resolve(import.meta.dirname, '..');
const sample = path.join(root, 'samples/fashion-mnist');
const dataFolder = path.join(root, '.vscode-test/editor');
const extensionsFolder = path.join(dataFolder, 'extensions');

buildIfStale();
const prepared = spawnSync(process.execPath, [path.join(sample, 'prepare-data.mjs')], { stdio: 'inherit' });
if (prepared.status !== 0) throw new Error('The data of the sample could not be written (see above).');
if ((await editorHost()) === 'download') await inWindow();
else await inBrowser();

async function inWindow(): Promise<void> {
  const program = await downloadAndUnzipVSCode({ cachePath: path.join(root, '.vscode-test') });
  const flags = [`--extensionDevelopmentPath=${root}`, `--user-data-dir=${dataFolder}`, `--extensions-dir=${extensionsFolder}`, '--skip-welcome'];
  const code = spawn(program, [sample, ...flags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])], { stdio: 'inherit' });
  code.on('exit', (status) => process.exit(status ?? 0));
}

async function inBrowser(): Promise<void> {
  await installCodeServer(console.log);
  installVsix(packedVsix(), { dataFolder, extensionsFolder });
  if (!existsSync(userSettingsFile(dataFolder))) writeUserSettings(dataFolder);
  const server = await startServer({ dataFolder, extensionsFolder, endWhenIdle: false });
  const address = server.address(sample);
  console.log(`\nThe editor is at\n\n  ${address}\n\nOnly this machine can reach it. Ctrl-C ends it; a run that it started goes on.`);
  if (hasDisplay()) openInBrowser(address);
  let wanted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      wanted = true;
      void server.stop();
    });
  }
  await server.ended;
  if (wanted) return;
  console.error(`The editor has ended by itself. Its log: ${server.logFile}`);
  process.exitCode = 1;
}

/** The address was printed: a machine without such a program loses nothing. */
function openInBrowser(address: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(opener, [address], { stdio: 'ignore', detached: true }).on('error', () => undefined).unref();
}
