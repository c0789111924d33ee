// `npm test`: every layer of tests, one after the other. `node test/run.mjs <layer> [part of a file name]` runs one of them.
// Runs on any Node from 20 on; the layers themselves run under Node 24.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { environment24, node24 } from '../scripts/node24.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
if (!existsSync(new URL('../node_modules/typescript/package.json', import.meta.url))) {
  console.error('The packages are not installed: run npm ci first.');
  process.exit(1);
}
const main = fileURLToPath(new URL('runner/main.ts', import.meta.url));
const child = spawn(node24(), ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', main, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: environment24(),
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
