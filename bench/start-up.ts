/**
 * How long people wait before anything happens: the command line, the first training step of a run on the embedded back end, the extension. Beside
 * them, in turn, what a Python user waits for: `import torch`, and a script to its first step. `npm run build` first, then
 * `node scripts/node24.mjs bench/start-up.ts`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { listRuns, runFiles } from '../src/run/folder.ts';
import { writeTinyPlan } from '../test/fixtures/tiny-plan.ts';
import { pythonReference } from '../test/reference/python.ts';
import { inTurn, reportMissing, reportRatio, reportWords, spread, spreadText } from './report.ts';

const ROUNDS = 7;
const dist = path.join(import.meta.dirname, '../dist');
const cli = path.join(dist, 'cli.js');
const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };

const folder = mkdtempSync(path.join(tmpdir(), 'starsse-bench-'));
try {
  const runs = path.join(folder, 'runs');
  const plan = writeTinyPlan(folder, { method: { kind: 'fine-tuning' } });
  mkdirSync(runs);
  await firstStep(plan, runs); // the run that `ls` lists
  const version = (): number => msOf(process.execPath, [cli, '--version']);
  const ls = (): number => msOf(process.execPath, [cli, 'ls', '--runs', runs]);
  const first = async (): Promise<number> => await firstStep(plan, runs);
  const python = await pythonReference();
  const others = python === null ? [] : [() => msOf(python, ['-c', 'import torch']), () => msOf(python, [path.join(import.meta.dirname, 'pytorch', 'first_step.py')])];
  const rounds = await inTurn(ROUNDS, [version, ls, first, activation, ...others]);
  const ms = (side: number): string => `${spreadText(spread(rounds.map((round) => round[side])), 0)} ms`;
  if (python === null) reportMissing('start-up', 'no Python');
  else {
    console.log(`import torch ${ms(4)}, a PyTorch script to its first step ${ms(5)}`);
    reportRatio('import torch / starsse --version', rounds.map((round) => round[4] / round[0]));
    reportRatio('import torch / starsse ls', rounds.map((round) => round[4] / round[1]));
    reportRatio('a PyTorch script to its first step / starsse run to its first step on WASM (data read, run made, detached)', rounds.map((round) => round[5] / round[2]));
  }
  reportWords('starsse --version', ms(0));
  reportWords('starsse ls', ms(1));
  reportWords('starsse run to the first training step, on WASM', ms(2));
  reportWords('loading and activating the extension, nothing open', ms(3));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function msOf(program: string, args: string[]): number {
  const startMs = performance.now();
  const { status, stderr } = spawnSync(program, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return performance.now() - startMs;
}

/** Until the log of a new run has its first row, which is written a quarter of a second after its step at most. */
async function firstStep(plan: string, runs: string): Promise<number> {
  const known = await listRuns(runs);
  const startMs = performance.now();
  const child = spawn(process.execPath, [cli, 'run', plan, '--runs', runs, '--json'], { stdio: 'ignore', env });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let took: number | null = null;
  while (took === null && child.exitCode === null) {
    await wait(5);
    const made = (await listRuns(runs)).find((run) => !known.includes(run));
    if (made === undefined) continue;
    const rows = await stat(runFiles.rows(made, 'member-1')).catch(() => null);
    if (rows !== null && rows.size > 0) took = performance.now() - startMs;
  }
  if ((await ended) !== 0 || took === null) throw new Error('the run failed');
  return took;
}

/** The bundle is loaded and activated as the editor does, with a stand-in for the editor's own module and nothing open. */
function activation(): number {
  const startUp = pathToFileURL(path.resolve(import.meta.dirname, '../test/package/start-up.ts'));
  const program = `import { startUp } from '${startUp.href}'; const { loadMs, activateMs } = await startUp([]); console.log(loadMs + activateMs);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--input-type=module', '-e', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}
