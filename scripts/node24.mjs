// A Node that runs the TypeScript sources as they are: the one running, or the one from optionalDependencies.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Path of a Node 24 or newer. */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const platform = { win32: 'win' }[process.platform] ?? process.platform;
  const folder = fileURLToPath(new URL(`../node_modules/node-${platform}-${process.arch}/bin/`, import.meta.url));
  const path = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(path)) return path;
  throw new Error(`Node ${process.versions.node} cannot run the sources, and npm has no Node 24 for ${process.platform}-${process.arch}. Install Node 24 and try again.`);
}

/** The environment in which `node` is that Node. */
export function environment24() {
  return { ...process.env, PATH: `${dirname(node24())}${delimiter}${process.env.PATH}` };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const args = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', ...process.argv.slice(2)];
  process.exitCode = spawnSync(node24(), args, { stdio: 'inherit', env: environment24() }).status ?? 1;
}
