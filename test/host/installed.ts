/** The packed extension, and a VS Code server that has it installed as a user would. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { packVsix } from '../../scripts/package.ts';
import { hostNode, serverMain } from './code-server.ts';

const root = path.resolve(import.meta.dirname, '../..');
const vsix = path.join(root, 'test/.cache/starsse.vsix');
/** Other than dist/, what is packed. */
const packed = ['package.json', 'package.nls.json', '.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE', 'l10n', 'media'];

/** Packs the extension, unless nothing in it changed since the last time. @returns the path of the VSIX. */
export function packedVsix(): string {
  const newest = Math.max(...['dist', ...packed].map((name) => newestMs(path.join(root, name))));
  if (!existsSync(vsix) || statSync(vsix).mtimeMs < newest) {
    mkdirSync(path.dirname(vsix), { recursive: true });
    packVsix(vsix);
  }
  return vsix;
}

function newestMs(file: string): number {
  if (!existsSync(file) || path.basename(file) === 'test') return 0;
  const { mtimeMs } = statSync(file);
  if (!statSync(file).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(file).map((name) => newestMs(path.join(file, name))));
}

/** Installs a VSIX into the folders that `startServer` is then given. @throws Error with the server's words. */
export function installVsix(file: string, folders: { dataFolder: string; extensionsFolder: string }): void {
  const { status, stdout, stderr } = spawnSync(
    hostNode(),
    [
      serverMain(), '--accept-server-license-terms', '--server-data-dir', folders.dataFolder, '--extensions-dir', folders.extensionsFolder,
      '--install-extension', file, '--force',
    ],
    { encoding: 'utf8', timeout: 120_000 },
  );
  if (status !== 0 || !stdout.includes('successfully installed')) throw new Error(`${file} was not installed (code ${status}):\n${stdout}${stderr}`);
}
