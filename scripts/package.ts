/** `npm run package`: builds, and packs what .vscodeignore allows into starsse-<version>.vsix. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildIfStale } from './build.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** Packs dist/ as it is. The bundles hold every package they need, so no node_modules go in. @throws Error with vsce's words. */
export function packVsix(vsix: string): void {
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const flags = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--out', vsix];
  const { status, stdout, stderr } = spawnSync(process.execPath, [vsce, 'package', ...flags], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`vsce package ended with code ${status}:\n${stdout}${stderr}`);
}

if (import.meta.main) {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const vsix = path.join(root, `starsse-${version}.vsix`);
  buildIfStale();
  packVsix(vsix);
  console.log(vsix);
}
