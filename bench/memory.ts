/**
 * Memory of a long training of a small network: `node scripts/node24.mjs bench/memory.ts [--steps 10000] [--kinds traced,eager,wasm]`
 * (traced and eager on native TensorFlow, each kind in a process of its own). Ten marks; what counts is how much more there is at
 * the last than at the first, when everything that is made once is there.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../src/backends/choose.ts';
import { stepperOf } from '../src/backends/stepper.ts';
import { inputInProcess } from '../src/core/input.ts';
import { datasetInMemory, type Dataset } from '../src/core/data.ts';
import { membersOf } from '../src/protocol/methods.ts';
import { builtinNetwork } from '../src/core/builtin.ts';
import { disposeState, startState } from '../src/core/state.ts';
import { eagerStepper } from '../src/core/stepper.ts';
import { trainMember, type Progress, type TrainingJob } from '../src/core/train.ts';
import { parse } from '../src/protocol/parse.ts';
import { PlanSchema } from '../src/protocol/plan.ts';
import { BEGINNING } from '../src/protocol/position.ts';
import { reportWords, reportRatio } from './report.ts';

type Kind = 'traced' | 'eager' | 'wasm';

interface Mark {
  step: number;
  /** Bytes. */
  rss: number;
  heap: number;
  tensors: number;
}

const SIDE = 8;
const CLASSES = 4;
const BATCH = 8;
const IMAGES = 80;
const MARKS = 10;
const MEBI = 2 ** 20;
/** Growth of memory as a whole that counts as flat: what malloc and the heap breathe. */
const FLAT = 1.05;

const { values } = parseArgs({ options: { steps: { type: 'string', default: '10000' }, kinds: { type: 'string', default: 'traced,wasm' }, only: { type: 'string' } } });
const steps = Number(values.steps);
if (values.only !== undefined) await measure(values.only as Kind);
else for (const kind of values.kinds.split(',')) await apart(kind);

/**
 * The garbage collector is called at each mark, so that only what is held counts. V8 makes room for young objects as it sees fit, up to
 * 50 MiB, at any time of a run: here as much from the start.
 */
async function apart(kind: string): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, '--expose-gc', '--min-semi-space-size=8', '--max-semi-space-size=8', import.meta.filename, '--steps', String(steps), '--only', kind], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) process.exitCode = 1;
}

async function measure(kind: Kind): Promise<void> {
  const device = await startBackend(kind === 'wasm' ? 'wasm' : 'tensorflow', { threads: 1 });
  const what = `${steps} steps, ${kind === 'wasm' ? 'WebAssembly' : kind === 'traced' ? 'one call a step' : 'op by op'}`;
  console.log(`\n${what}, small-cnn, ${SIDE} x ${SIDE}, batch ${BATCH}, ${device.description}`);
  const job = jobOf(steps, kind === 'traced' ? stepperOf(device, console.error) : eagerStepper);
  const marks: Mark[] = [];
  const onStep = ({ position: { step } }: Progress): void => {
    if (step % Math.ceil(steps / MARKS) !== 0) return;
    globalThis.gc!();
    const { rss, heapUsed } = process.memoryUsage();
    marks.push({ step, rss, heap: heapUsed, tensors: tf.memory().numTensors });
    console.log(`step ${String(step).padStart(6)}: ${(rss / MEBI).toFixed(1)} MiB resident, ${(heapUsed / MEBI).toFixed(1)} MiB heap, ${tf.memory().numTensors} tensors`);
  };
  const start = { state: startState(job.network, job.member, null, 'start'), position: BEGINNING };
  disposeState((await trainMember(job, start, { onStep, shouldStop: () => false })).state);
  const [first, last] = [marks[0], marks[marks.length - 1]];
  reportRatio(`resident memory after ${what} to that after a tenth of them`, [last.rss / first.rss], { atMost: FLAT });
  reportWords(`growth over ${what}, the first tenth aside`, `${((last.rss - first.rss) / MEBI).toFixed(1)} MiB resident, ${((last.heap - first.heap) / MEBI).toFixed(2)} MiB heap, ${last.tensors - first.tensors} tensors`);
  if (last.tensors !== first.tensors) process.exitCode = 1;
}

function jobOf(wanted: number, stepper: TrainingJob['stepper']): TrainingJob {
  const plan = parse(PlanSchema, {
    name: 'memory', model: { network: 'small-cnn' }, data: { kind: 'idx', train: { images: 'i', labels: 'l' }, split: { train: IMAGES, validation: IMAGES }, classes: ['a', 'b', 'c', 'd'], normalization: { mean: [0.5], std: [0.25] } },
    method: { kind: 'fine-tuning' }, training: { epochs: Math.ceil((wanted * BATCH) / IMAGES), batchSize: BATCH, optimizer: { learningRate: 0.001 }, augmentation: { flip: true } },
  }, 'plan');
  const [member] = membersOf(plan);
  const network = builtinNetwork('small-cnn', [SIDE, SIDE, 1], CLASSES);
  const normalization = { mean: [0.5], std: [0.25] };
  const { augmentation, labelSmoothing } = plan.training;
  return {
    member, network, normalization, training: plan.training, images: IMAGES, validation: images(2), evaluationBatchSize: IMAGES, ...(stepper === undefined ? {} : { stepper }),
    input: inputInProcess(images(1), { seed: member.seed, augmentation, labelSmoothing, normalization, size: [SIDE, SIDE] }), probeInput: null,
  };
}

function images(salt: number): Dataset {
  const examples = Uint8Array.from({ length: IMAGES * SIDE * SIDE }, (_, index) => Math.imul(index + salt, 2654435761) >>> 24);
  return datasetInMemory({ examples, labels: Int32Array.from({ length: IMAGES }, (_, index) => index % CLASSES), shape: [SIDE, SIDE, 1], classes: CLASSES });
}
