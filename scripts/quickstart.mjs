// `npm run quickstart`: everything from a fresh clone to the result table. Each step is skipped when nothing is to do.
// Arguments are handed to `starsse run`, for example: npm run quickstart -- --backend wasm
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepareData } from '../samples/fashion-mnist/prepare-data.mjs';
import { buildIfStale } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const plan = 'samples/fashion-mnist/fashion-mnist.starsse.json';

buildIfStale();
const source = prepareData();
if (source !== null) console.log(`Sample data: written from ${source}.`);

const args = process.argv.slice(2);
const install = args.includes('--backend') ? [] : ['--install'];
const run = spawnSync(process.execPath, [cli, 'run', plan, ...install, ...args], { cwd: root, stdio: 'inherit' });
process.exitCode = run.status ?? 1;
