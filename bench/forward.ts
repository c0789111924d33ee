/**
 * A forward pass in evaluation mode as one call of a TensorFlow graph, from bytes, against the same in PyTorch, from floats that are
 * normalised already, and against ours op by op, in turn, at equal threads: `node scripts/node24.mjs bench/forward.ts [network] [side] [batch] [threads]`;
 * without arguments every case, each in a process of its own. PyTorch has the better of its two layouts, found first.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startBackend } from '../src/backends/choose.ts';
import { tracedRunner } from '../src/backends/tensorflow/traced-runner.ts';
import { builtinNetwork, type BuiltinName } from '../src/core/builtin.ts';
import { initialWeights } from '../src/core/initialise.ts';
import type { Pixels } from '../src/core/pixels.ts';
import { eagerRunner, type RunnerMaker } from '../src/core/runner.ts';
import { weightsFrom } from '../src/core/weights.ts';
import { pythonReference } from '../test/reference/python.ts';
import { pythonSide, type PythonSide } from './python-side.ts';
import { inTurn, reportMissing, reportRatio, spread, spreadText } from './report.ts';

interface Case {
  network: BuiltinName;
  side: number;
  batch: number;
  threads: number;
}
const PASSES = 2;
const ROUNDS = 7;
const LAYOUTS = ['channels_last', 'nchw'];
const CASES: Case[] = (['resnet-8', 'resnet-20'] as const).flatMap((network) => [1, 2].map((threads) => ({ network, side: 32, batch: 250, threads })));

const [network, side, batch, threads] = process.argv.slice(2);
if (network === undefined) {
  for (const each of CASES) await apart(each);
} else {
  await compare({ network: network as BuiltinName, side: Number(side), batch: Number(batch), threads: Number(threads) });
}

/** TensorFlow has one number of threads a process. */
async function apart({ network: name, side: length, batch: images, threads: count }: Case): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, name, ...[length, images, count].map(String)], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) process.exitCode = 1;
}

async function compare(each: Case): Promise<void> {
  const what = `evaluation of ${each.network}, ${each.side} x ${each.side}, batch ${each.batch}, ${each.threads === 1 ? '1 thread' : `${each.threads} threads`}`;
  const device = await startBackend('tensorflow', { threads: each.threads });
  const python = await pythonReference();
  if (python === null) return reportMissing(`${what}: PyTorch's time / ours`, 'no Python with PyTorch');
  const torch = await bestLayout(python, each);
  console.log(`\n${what}\n${device.description}\n${torch.hello}`);
  const [traced, eager] = [racer(tracedRunner, each), racer(eagerRunner, each)];
  const rounds = await inTurn(ROUNDS, [() => timed(torch, PASSES), traced, eager]);
  torch.close();
  for (const [index, label] of ['PyTorch', 'one call', 'op by op'].entries()) console.log(`${label.padEnd(9)} ${spreadText(spread(rounds.map((round) => round[index])), 1)} ms a batch`);
  reportRatio(`${what}: PyTorch's time / ours`, rounds.map(([theirs, ours]) => theirs / ours), { atLeast: 1 });
  reportRatio(`${what}: op by op / one call`, rounds.map(([, ours, opByOp]) => opByOp / ours));
}

/** The faster one of PyTorch's layouts, each timed three times in turn. */
async function bestLayout(python: string, each: Case): Promise<PythonSide> {
  const args = [each.network, each.side, each.batch, each.threads].map(String);
  const sides: PythonSide[] = [];
  for (const layout of LAYOUTS) sides.push(await pythonSide(python, 'forward.py', [...args, layout]));
  const rounds = await inTurn(3, sides.map((torch) => async () => await timed(torch, 1)));
  const times = LAYOUTS.map((_, index) => spread(rounds.map((round) => round[index])).median);
  const best = times.indexOf(Math.min(...times));
  for (const [index, torch] of sides.entries()) if (index !== best) torch.close();
  return sides[best];
}

/** Milliseconds a pass. */
async function timed(torch: PythonSide, passes: number): Promise<number> {
  return Number(await torch.ask(String(passes)));
}

/** Milliseconds a pass; the logits of each are read. */
function racer(make: RunnerMaker, { network: name, side: length, batch: size }: Case): () => number {
  const spec = builtinNetwork(name, [length, length, 3], 10);
  const images: Pixels = { shape: [size, length, length, 3], data: Uint8Array.from({ length: size * length * length * 3 }, (_, index) => Math.imul(index, 2654435761) >>> 24) };
  const runner = make(spec, { mean: [0.5], std: [0.25] });
  runner.load(weightsFrom(spec, initialWeights(spec, 1), name));
  return () => {
    const startMs = performance.now();
    for (let pass = 0; pass < PASSES; pass++) {
      const logits = runner.logits(images);
      logits.dataSync();
      logits.dispose();
    }
    return (performance.now() - startMs) / PASSES;
  };
}
