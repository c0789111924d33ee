// Bundles the product into dist/ when a source is newer than the last build. `npm run build` builds always.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileKernelsIfStale } from './kernels.mjs';
import { makeSampleIfMissing } from './sample.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'dist', '.built');
const inputs = ['src', 'webview-ui', 'webpack.config.js', 'package-lock.json'];

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export function build() {
  const startedAt = new Date();
  compileKernelsIfStale();
  makeSampleIfMissing();
  const webpack = join(root, 'node_modules', 'webpack-cli', 'bin', 'cli.js');
  const { status } = spawnSync(process.execPath, [webpack], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`webpack ended with exit code ${status}`);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt); // what changes while webpack runs is newer
}

export function buildIfStale() {
  let builtAt = 0;
  try {
    builtAt = statSync(stamp).mtimeMs;
  } catch {
    // never built
  }
  if (Math.max(...inputs.map((input) => newest(join(root, input)))) <= builtAt) return;
  console.log('Building the bundles (once) ...');
  build();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) build();
