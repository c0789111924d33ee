/**
 * A uniform soup of five files of 400 MB against a script with NumPy and safetensors that does the same (mean in double precision, file flushed to the disk), in
 * turn, with the files in the page cache: `node scripts/node24.mjs bench/soup.ts [megabytes]`. Each side has a process of its own, whose peak memory is told.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { uniform } from '../src/core/soups/uniform.ts';
import { randomKey, uniform as random } from '../src/core/random.ts';
import type { TensorData } from '../src/protocol/tensor.ts';
import { writeSafetensors } from '../src/run/safetensors-file.ts';
import { writeSoupFile } from '../src/run/trainer/soups/soup-file.ts';
import { pythonReference } from '../test/reference/python.ts';
import { pythonSide } from './python-side.ts';
import { inTurn, reportMissing, reportRatio, reportWords, spread, spreadText } from './report.ts';

const FILES = 5;
const ROUNDS = 5;
const PEAK_MB = 200;

const [word, ...rest] = process.argv.slice(2);
if (process.send === undefined) await compare(Number(word ?? 400));
else if (word === 'make') await makeFiles(Number(rest[0]), rest.slice(1));
else serve(rest);

async function compare(megabytes: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starsse-bench-'));
  try {
    const files = Array.from({ length: FILES }, (_, index) => path.join(folder, `member-${index + 1}.safetensors`));
    // In a process of its own: a child begins with the peak memory of its parent.
    await once(fork(import.meta.filename, ['make', String(megabytes), ...files]), 'exit');
    const peaks = { ours: 0, theirs: 0 };
    const side = fork(import.meta.filename, ['serve', path.join(folder, 'ours.safetensors'), ...files]);
    await once(side, 'message');
    const ours = async (): Promise<number> => {
      side.send('go');
      const [[seconds, peak]] = (await once(side, 'message')) as [[number, number]];
      peaks.ours = Math.max(peaks.ours, peak);
      return seconds;
    };
    const python = await pythonReference();
    const script = python === null ? null : await pythonSide(python, 'soup.py', [path.join(folder, 'theirs.safetensors'), ...files]);
    const theirs = async (): Promise<number> => {
      const [seconds, peak] = (await script!.ask('go')).split(' ').map(Number);
      peaks.theirs = Math.max(peaks.theirs, peak);
      return seconds;
    };
    const rounds = await inTurn(ROUNDS, script === null ? [ours] : [ours, theirs]);
    side.disconnect();
    script?.close();
    const what = `uniform soup of ${FILES} files of ${megabytes} MB`;
    console.log(`ours  ${spreadText(spread(rounds.map(([own]) => own)))} s, peak ${peaks.ours.toFixed(0)} MB`);
    if (script === null) reportMissing(`${what}: time of NumPy and safetensors / ours`, 'no Python');
    else {
      console.log(`NumPy ${spreadText(spread(rounds.map(([, other]) => other)))} s, peak ${peaks.theirs.toFixed(0)} MB`);
      reportRatio(`${what}: time of NumPy and safetensors / ours`, rounds.map(([own, other]) => other / own), { atLeast: 2 });
    }
    reportWords(`${what}: peak memory of the process`, `${peaks.ours.toFixed(0)} MB${script === null ? '' : ` (NumPy ${peaks.theirs.toFixed(0)} MB)`}, promised at most ${PEAK_MB} MB`);
    if (peaks.ours > PEAK_MB) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Our side: a soup for every message. */
function serve([out, ...files]: string[]): void {
  process.on('message', () => {
    void (async () => {
      const startMs = performance.now();
      await writeSoupFile(out, uniform(files.length), files, {});
      process.send!([(performance.now() - startMs) / 1000, process.resourceUsage().maxRSS / 1000]);
    })();
  });
  process.send!('ready');
}

async function makeFiles(megabytes: number, files: readonly string[]): Promise<void> {
  for (const [index, file] of files.entries()) await writeSafetensors(file, network(megabytes, index), {});
  process.disconnect();
}

/** Of a transformer: large matrices among small vectors, and an embedding that alone is a third. */
function network(megabytes: number, seed: number): TensorData[] {
  const numbers = (megabytes * 1e6) / 4;
  const shapes = [[Math.floor(numbers / 3 / 768), 768]];
  for (let left = numbers - shapes[0][0] * 768; left > 0; left -= 768 * 769) shapes.push([768, Math.max(1, Math.min(768, Math.floor(left / 768)))], [768]);
  const key = randomKey(seed, 'task');
  const noise = Float32Array.from({ length: 65_536 }, (_, index) => random(key, index) - 0.5);
  return shapes.map((shape, index) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b));
    for (let at = 0; at < values.length; at += noise.length) values.set(noise.subarray(0, Math.min(noise.length, values.length - at)), at);
    return { name: `layers.${index}.weight`, dtype: 'F32', shape, data: new Uint8Array(values.buffer) };
  });
}
