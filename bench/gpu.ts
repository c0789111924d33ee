/**
 * Training steps on every back end that loads, next to PyTorch where it is installed, in turn:
 * `npm run bench -- gpu`, or `node scripts/node24.mjs bench/gpu.ts [--networks resnet-50,vit-tiny] [--side 224] [--batch 64]
 * [--steps 20] [--rounds 5] [--backends tensorflow,webgpu] [--threads 2] [--without-gpu]`.
 * Back ends: tensorflow (CUDA where it finds a card), tensorflow-cpu, webgpu, wasm. Ours brings a batch of bytes to the device in every
 * step, PyTorch's lies there. Where no side has a GPU nothing is measured, unless with `--without-gpu`.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { BuiltinName } from '../src/core/builtin.ts';
import { pythonReference } from '../test/reference/python.ts';
import { optimizerOf, type SideHello, type SideSettings } from './gpu-side.ts';
import { pythonSide } from './python-side.ts';
import { inTurn, reportMissing, reportRatio, spread, spreadText } from './report.ts';

interface Side {
  label: string;
  /** What it runs on. */
  device: string;
  isGpu: boolean;
  /** @returns milliseconds a step */
  steps(count: number): Promise<number>;
  close(): void;
}

const { values } = parseArgs({
  options: {
    networks: { type: 'string', default: 'resnet-50,vit-tiny' },
    side: { type: 'string', default: '224' },
    batch: { type: 'string', default: '64' },
    steps: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '5' },
    backends: { type: 'string', default: 'tensorflow,webgpu' },
    threads: { type: 'string', default: String(availableParallelism()) },
    'without-gpu': { type: 'boolean', default: false },
  },
});
const [side, batch, steps, rounds, threads] = [values.side, values.batch, values.steps, values.rounds, values.threads].map(Number);
for (const network of values.networks.split(',')) await compare(network as BuiltinName);

async function compare(network: BuiltinName): Promise<void> {
  const what = `training step of ${network}, ${side} x ${side}, batch ${batch}`;
  console.log(`\n${what}`);
  const ours: Side[] = [];
  for (const name of values.backends.split(',')) {
    const started = await startOurs(name, network);
    if (typeof started === 'string') console.log(`${name.padEnd(16)} does not run: ${started}`);
    else ours.push(started);
  }
  const torch = await startTorch(network).catch((error: unknown) => {
    console.log(`PyTorch          does not run: ${String(error)}`);
    return null;
  });
  const all = [...ours, ...(torch === null ? [] : [torch])];
  for (const { label, device } of all) console.log(`${label.padEnd(16)} ${device}`);
  try {
    if (!values['without-gpu'] && !all.some(({ isGpu }) => isGpu)) reportMissing(what, 'no GPU that a back end or PyTorch uses');
    else await race(what, await thoseThatRun(ours), torch);
  } finally {
    for (const each of all) each.close();
  }
}

/** The first step records the graph, compiles kernels, and shows whether there is memory for it. */
async function thoseThatRun(sides: readonly Side[]): Promise<Side[]> {
  const run: Side[] = [];
  for (const each of sides) {
    try {
      await each.steps(1);
      run.push(each);
    } catch (error) {
      console.log(`${each.label.padEnd(16)} ${(error as Error).message}`);
    }
  }
  return run;
}

/** Images a second of each side, and of each of ours the ratio to PyTorch's. */
async function race(what: string, ours: readonly Side[], torch: Side | null): Promise<void> {
  const all = [...ours, ...(torch === null ? [] : [torch])];
  if (all.length === 0) return reportMissing(what, 'no back end runs');
  const speeds = await inTurn(rounds, all.map((each) => async () => (1000 * batch) / (await each.steps(steps))));
  for (const [index, { label }] of all.entries()) console.log(`${label.padEnd(16)} ${spreadText(spread(speeds.map((round) => round[index])), 1)} images a second`);
  if (torch === null) return reportMissing(`${what}: images a second to PyTorch's`, 'no PyTorch');
  for (const [index, { label, device }] of ours.entries()) reportRatio(`${what}: images a second of ${label} (${device}) to PyTorch's (${torch.device})`, speeds.map((round) => round[index] / round[ours.length]));
}

/** @returns why it does not run, in words, where it does not */
async function startOurs(label: string, network: BuiltinName): Promise<Side | string> {
  const backend = label.replace(/-cpu$/, '') as SideSettings['backend'];
  const settings: SideSettings = { backend, network, side, batch, threads };
  const child = fork(path.join(import.meta.dirname, 'gpu-side.ts'), [JSON.stringify(settings)], {
    env: { ...process.env, ...(label === 'tensorflow-cpu' ? { CUDA_VISIBLE_DEVICES: '' } : {}) },
  });
  const hello = (await answerOf(child)) as SideHello | null;
  if (hello === null) return 'its process died';
  if ('missing' in hello) return hello.missing;
  const { device: { description, kind }, card } = hello;
  return {
    label,
    device: card === null || description.includes(card) ? description : `${description}, ${card}`,
    isGpu: kind === 'gpu',
    async steps(count) {
      child.send(count);
      const answer = (await answerOf(child)) as number | { missing: string } | null;
      if (typeof answer !== 'number') throw new Error(`does not train: ${answer === null ? 'its process died' : answer.missing}`);
      return answer;
    },
    close: () => child.kill(),
  };
}

/** The next message; null when the process ends instead. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  return await Promise.race([once(child, 'message').then(([message]: unknown[]) => message), once(child, 'exit').then(() => null)]);
}

/** The better layout for convolutions on a GPU is channels_last. */
async function startTorch(network: BuiltinName): Promise<Side | null> {
  const python = await pythonReference();
  if (python === null) return null;
  const { hello, ask, close } = await pythonSide(python, 'step.py', [network, String(side), String(batch), String(threads), 'channels_last', optimizerOf(network)]);
  return { label: 'PyTorch', device: hello, isGpu: / cuda/.test(hello), steps: async (count) => Number(await ask(String(count))), close };
}
