/**
 * Writing and reading a snapshot of 200 MB against the disk's own rate: the same bytes written to a plain file and flushed, and read back into one
 * buffer, in turn: `node scripts/node24.mjs bench/safetensors.ts [folder]`. What is read lies in the page cache on both sides, which is the harder
 * case: there every copy shows.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TensorData } from '../src/protocol/tensor.ts';
import { readSafetensors, writeSafetensors } from '../src/run/safetensors-file.ts';
import { inTurn, reportRatio, spread, spreadText } from './report.ts';

const ROUNDS = 9;
const PROMISED = 0.7;
/** Of a transformer: large matrices among many small vectors. */
const SHAPES = [...Array.from({ length: 12 }, () => [[2304, 768], [768, 768], [768, 768], [768], [768], [2304]]).flat(), [21_000, 768]];

const folder = await mkdtemp(path.join(process.argv[2] ?? tmpdir(), 'starsse-bench-'));
try {
  const tensors = SHAPES.map((shape, index): TensorData => ({ name: `layer${index}.weight`, dtype: 'F32', shape, data: bytesOf(4 * shape.reduce((a, b) => a * b), index) }));
  const bytes = tensors.reduce((sum, { data }) => sum + data.length, 0);
  const whole = Buffer.concat(tensors.map(({ data }) => data));
  const [ours, plain] = [path.join(folder, 'ours.safetensors'), path.join(folder, 'plain')];
  const megabytes = bytes / 1e6;
  console.log(`${SHAPES.length} tensors, ${megabytes.toFixed(0)} MB, in ${folder}`);
  const writes = await inTurn(ROUNDS, [rate(megabytes, async () => await writeSafetensors(ours, tensors, { name: 'bench' })), rate(megabytes, async () => await writePlain(plain, whole))]);
  const reads = await inTurn(ROUNDS, [rate(megabytes, async () => await readSafetensors(ours)), rate(megabytes, async () => await readPlain(plain, bytes))]);
  for (const [what, rounds] of [['write', writes], ['read', reads]] as const) {
    console.log(`${what.padEnd(6)} ours ${spreadText(spread(rounds.map(([own]) => own)), 0)} MB/s, plain ${spreadText(spread(rounds.map(([, file]) => file)), 0)} MB/s`);
  }
  reportRatio(`writing a snapshot of ${megabytes.toFixed(0)} MB, flushed: our rate / a plain file's`, writes.map(([own, file]) => own / file), { atLeast: PROMISED });
  reportRatio(`reading it from the page cache: our rate / a plain file's`, reads.map(([own, file]) => own / file), { atLeast: PROMISED });
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Megabytes a second of some work. */
function rate(megabytes: number, work: () => Promise<unknown>): () => Promise<number> {
  return async () => {
    const startMs = performance.now();
    await work();
    return (1000 * megabytes) / (performance.now() - startMs);
  };
}

/** As fast as a program can hope for: one write, one flush. */
async function writePlain(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Into fresh memory, as our reader, which hands it over. */
async function readPlain(file: string, length: number): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) done += (await handle.read(bytes, done, length - done, done)).bytesRead;
  } finally {
    await handle.close();
  }
}

function bytesOf(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = (index * 2_654_435_761 + seed) >>> 13;
  return bytes;
}
