/**
 * How much faster a native training step is with our fused kernels than with the layers of TensorFlow.js as they come.
 * `node bench/batch-norm.ts [threads]`: ResNet-8 with batch norm, 32x32x3, batch 32, SGD with momentum, both on the same
 * library. Each side has a process of its own, since both register gradients for the same operations; they take turns, so
 * that a busy machine slows both.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startTensorflow } from '../src/backends/tensorflow/start.ts';
import { reportRatio, spread, spreadText } from './report.ts';
import { fusedStep } from './resnet-step-fused.ts';
import { stockStep } from './resnet-step-stock.ts';

const BATCH = 32;
const ROUNDS = 9;
const STEPS_PER_ROUND = 5;
const WARM_UP_STEPS = 5;
const PROMISED = 1.8;

const SIDES = { stock: stockStep, fused: fusedStep };
type Side = keyof typeof SIDES;

async function compare(threads: number): Promise<void> {
  const sides = (['stock', 'fused'] as const).map((side) => fork(import.meta.filename, [String(threads), side]));
  const started: { device: string; weights: number }[] = [];
  for (const side of sides) started.push((await once(side, 'message'))[0] as { device: string; weights: number });
  console.log(`${started[0].device}\nResNet-8, 32x32x3, batch ${BATCH}, ${ROUNDS} rounds of ${STEPS_PER_ROUND} steps; weights: stock ${started[0].weights}, fused ${started[1].weights}`);
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const times: number[] = [];
    for (const side of sides) times.push(await timeRound(side));
    rounds.push(times);
  }
  for (const side of sides) side.disconnect();
  console.log(`stock layers   ${spreadText(spread(rounds.map(([stock]) => stock)), 1)} ms a step`);
  console.log(`fused kernels  ${spreadText(spread(rounds.map(([, fused]) => fused)), 1)} ms a step`);
  reportRatio(`training step of ResNet-8, 32 x 32, batch ${BATCH}, ${threads === 1 ? '1 thread' : `${threads} threads`}: layers of tfjs-node as they come / our kernels`, rounds.map(([stock, fused]) => stock / fused), { atLeast: PROMISED });
}

async function timeRound(side: ChildProcess): Promise<number> {
  side.send('go');
  return (await once(side, 'message'))[0] as number;
}

/** One side, in its own process: a round of steps for every message. */
async function serve(side: Side, threads: number): Promise<void> {
  const { description } = await startTensorflow({ threads });
  const { step, weights } = SIDES[side](BATCH);
  for (let i = 0; i < WARM_UP_STEPS; i++) await step();
  process.on('message', () => {
    void (async () => {
      const start = performance.now();
      for (let i = 0; i < STEPS_PER_ROUND; i++) await step();
      process.send!((performance.now() - start) / STEPS_PER_ROUND);
    })();
  });
  process.send!({ device: description, weights });
}

const threads = Number(process.argv[2] ?? 1);
if (process.send === undefined) await compare(threads);
else await serve(process.argv[3] as Side, threads);
