/**
 * `node scripts/node24.mjs scripts/package.ts [--target linux-x64]`: builds, and packs what .vscodeignore allows into
 * starsse-<version>.vsix, which runs everywhere, or into one for a platform.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.mjs';
import { addNativeDecoder } from './platform.ts';

const root = path.resolve(import.meta.dirname, '..');
/** What vsce chooses from, by .vscodeignore. */
const PACKED = ['package.json', 'package.nls.json', 'package.nls.zh-cn.json', '.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE', 'l10n', 'media', 'dist'];

/** Packs dist/ as it is. The bundles hold every package they need, so no node_modules go in. @throws Error with vsce's words. */
export function packVsix(vsix: string): void {
  vsce(root, ['--out', vsix]);
}

/** The same for one platform: with its native image decoder and without the WebAssembly one. */
export function packPlatformVsix(vsix: string, target: string): void {
  const stage = mkdtempSync(path.join(tmpdir(), 'starsse-stage-'));
  try {
    for (const name of PACKED) {
      cpSync(path.join(root, name), path.join(stage, name), { recursive: true, filter: (file) => !/\.map$|dist[/\\]test|sharp-wasm32-|emnapi-runtime/.test(path.relative(root, file)) });
    }
    addNativeDecoder(stage, target);
    appendFileSync(path.join(stage, '.vscodeignore'), '\n!dist/node_modules/**\n');
    vsce(stage, ['--target', target, '--out', vsix]);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function vsce(cwd: string, more: string[]): void {
  const program = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const flags = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'package', ...flags], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`vsce package ended with code ${status}:\n${stdout}${stderr}`);
}

if (import.meta.main) {
  const { target } = parseArgs({ options: { target: { type: 'string' } } }).values;
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const vsix = path.join(root, `starsse-${[target, version].filter((part) => part !== undefined).join('-')}.vsix`);
  buildIfStale();
  if (target === undefined) packVsix(vsix);
  else packPlatformVsix(vsix, target);
  console.log(vsix);
}
