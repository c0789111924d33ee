/**
 * The proof on real images: Fashion-MNIST as class folders of PNG and JPEG files, trained at 32 x 32 and at 224 x 224 on every
 * back end of this machine, by real processes, to soup and table. Networks are chosen so that each ends in seconds.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { cacheFolder } from '../../src/backends/cache-folder.ts';
import type { PlanInput } from '../../src/protocol/plan.ts';
import { runFiles } from '../../src/run/folder.ts';
import { RowReader } from '../../src/run/rows.ts';
import { softwareGpuEnvironment } from '../backends/software-gpu.ts';
import { createRun, runToEnd } from './real-run.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { useOwnCache } from './own-cache.ts';

const installed = cacheFolder();
const cache = useOwnCache();
if (existsSync(path.join(installed, 'tensorflow'))) symlinkSync(path.join(installed, 'tensorflow'), path.join(cache, 'tensorflow'), 'dir');
Object.assign(process.env, softwareGpuEnvironment(), { STARSSE_SOFTWARE_GPU: '1' });

const SCRIPT = path.resolve(import.meta.dirname, '../../samples/fashion-mnist/class-folders.mjs');

interface Case {
  backend: 'tensorflow' | 'wasm' | 'webgpu' | 'cpu';
  network: NonNullable<PlanInput['model']['network']>;
  side: 32 | 224;
  images: number;
}

const CASES: Case[] = [
  { backend: 'tensorflow', network: 'resnet-8', side: 32, images: 400 },
  { backend: 'wasm', network: 'resnet-8', side: 32, images: 200 },
  { backend: 'webgpu', network: 'small-cnn', side: 32, images: 20 },
  { backend: 'cpu', network: 'mlp', side: 32, images: 60 },
  { backend: 'tensorflow', network: 'resnet-18', side: 224, images: 30 },
  { backend: 'wasm', network: 'small-cnn', side: 224, images: 60 },
  // Convolutions of this size take minutes a step on a software driver.
  { backend: 'webgpu', network: 'linear', side: 224, images: 20 },
  { backend: 'cpu', network: 'linear', side: 224, images: 60 },
];

for (const { backend, network, side, images } of CASES) {
  test(`class folders at ${side} x ${side} on ${backend}: ${network}, ${images} images, to soup and table`, async (t) => {
    const folder = temporaryFolder(t);
    execFileSync(process.execPath, [SCRIPT, folder, String(side), String(images), '20']);
    const plan: PlanInput = {
      name: 'Proof',
      model: { network },
      data: { kind: 'folder', train: 'train', test: 'test', split: { validation: 10, seed: 1 }, image: { size: side } },
      method: { kind: 'starsse', members: 2, cycle: { epochRatio: 1 } },
      training: { epochs: 1, batchSize: 10, optimizer: { learningRate: 0.001 }, augmentation: { resizedCrop: { scale: [0.6, 1] }, flip: true } },
      evaluation: { batchSize: 10, bootstrapSamples: 100 },
      compute: { backend, workers: 1, threads: 1 },
    };
    const file = path.join(folder, 'proof.starsse.json');
    writeFileSync(file, JSON.stringify(plan));
    const run = await createRun(file);
    const view = await runToEnd(run, 300_000);
    assert.deepEqual(view.results?.rows.map(({ kind }) => kind), ['member', 'member', 'mean-member', 'soup', 'ensemble']);
    assert.equal(view.results.testImages, 20);
    for (const { member, state } of view.members) {
      assert.equal(state.device?.backend, backend);
      const { rows } = await new RowReader(runFiles.rows(run, member.name)).read();
      const losses = rows.flatMap((row) => (row.kind === 'step' ? [row.loss] : []));
      assert.equal(losses.length, (images - 10) / 10);
      assert.ok(losses.every((loss) => Number.isFinite(loss)));
      const epoch = rows.find((row) => row.kind === 'epoch');
      assert.ok(epoch?.kind === 'epoch' && epoch.waitShare !== undefined);
      t.diagnostic(`${member.name}: ${epoch.imagesPerSecond.toFixed(1)} images/s, waits ${(100 * epoch.waitShare).toFixed(1)} %, loss ${losses[0].toFixed(2)} to ${losses.at(-1)?.toFixed(2)}`);
    }
  });
}
