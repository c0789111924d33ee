/** Batch-norm statistics of a soup: estimated anew on the training images, or averaged with the weights where that is asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floatsOf } from '../../../src/protocol/tensor.ts';
import { readRun, runFiles } from '../../../src/run/folder.ts';
import { readSafetensors } from '../../../src/run/safetensors-file.ts';
import { readRunData } from '../../../src/run/trainer/data/plan-data.ts';
import { soupTask } from '../../../src/run/trainer/soups/soup-task.ts';
import { writePredictions } from '../../../src/run/trainer/snapshot.ts';
import { madeRun } from '../basin/made-run.ts';
import { undisturbed } from '../cancelled-at.ts';

const MEMBERS = ['member-1', 'member-3'];

async function tensorsOf(folder: string, network: string): Promise<{ tensors: Map<string, Float32Array>; metadata: Record<string, string> }> {
  const { tensors, metadata } = await readSafetensors(runFiles.snapshot(folder, network));
  return { tensors: new Map(tensors.map((tensor) => [tensor.name, floatsOf(tensor)])), metadata };
}

test('weights are the mean either way; statistics are the mean only where that is asked for', async (t) => {
  const folder = await madeRun(t, 'resnet-8');
  const run = await readRun(folder);
  // Tables and the gate read what members predicted: here nothing in particular.
  const data = await readRunData(run, undisturbed());
  const none = (labels: Int32Array) => ({ logits: new Float32Array(labels.length * 3), labels, classes: 3 });
  for (const name of ['member-1', 'member-2', 'member-3', 'soup-uniform-1']) {
    await writePredictions(folder, run, name, 'validation', none(data.validation.labels));
    await writePredictions(folder, run, name, 'test', none(data.test.labels));
  }
  const made = async (statistics: string) => {
    const { added } = await soupTask(folder, JSON.stringify({ members: MEMBERS, statistics, insist: true }), undisturbed());
    return await tensorsOf(folder, added!);
  };
  const [averaged, estimated] = [await made('average'), await made('re-estimate')];
  assert.deepEqual([averaged.metadata.statistics, estimated.metadata.statistics], ['average', 're-estimate']);
  const [one, other] = await Promise.all(MEMBERS.map(async (name) => (await tensorsOf(folder, name)).tensors));
  let statistics = 0;
  for (const [name, values] of averaged.tensors) {
    const mean = one.get(name)!.map((value, index) => (value + other.get(name)![index]) / 2);
    assert.deepEqual(values, mean, name);
    const isStatistic = /running_(mean|var)$/.test(name);
    if (isStatistic) statistics += 1;
    assert.equal(Buffer.from(estimated.tensors.get(name)!.buffer).equals(Buffer.from(mean.buffer)), !isStatistic, name);
  }
  assert.ok(statistics > 10);
});
