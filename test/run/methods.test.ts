import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { PlanInput } from '../../src/protocol/plan.ts';
import type { RunView } from '../../src/protocol/run.ts';
import { runFiles } from '../../src/run/folder.ts';
import { readSafetensorsHeader } from '../../src/run/safetensors-file.ts';
import { createRun, filesOf, runToEnd, snapshotDigests, tinyPlanFile } from './real-run.ts';

const TRAINING = { epochs: 2, batchSize: 16, optimizer: { learningRate: 0.05 }, augmentation: { cropPadding: 1 } };

/** Runs a method on the tiny data. */
async function ranMethod(t: TestContext, method: PlanInput['method'], overrides: Partial<PlanInput> = {}): Promise<{ view: RunView; folder: string; digests: Record<string, string> }> {
  const folder = await createRun(tinyPlanFile(t, { training: TRAINING, ...overrides, method }));
  const view = await runToEnd(folder);
  return { view, folder, digests: await snapshotDigests(folder) };
}

async function parentsOf(folder: string, name: string): Promise<string> {
  return (await readSafetensorsHeader(runFiles.snapshot(folder, name))).metadata.parents;
}

test('X1, X2: SSE and StarSSE share members 1 and 2 and differ at 3; plain fine-tuning and Local DE have the same member 1', async (t) => {
  const cycle = { epochRatio: 0.5 };
  const sse = await ranMethod(t, { kind: 'sse', members: 3, cycle });
  const star = await ranMethod(t, { kind: 'starsse', members: 3, cycle });
  const plain = await ranMethod(t, { kind: 'fine-tuning' });
  const local = await ranMethod(t, { kind: 'local-de', members: 2 });
  const of = (digests: Record<string, string>) => [digests['member-1'], digests['member-2'], digests['member-3']];
  assert.deepEqual(of(sse.digests).slice(0, 2), of(star.digests).slice(0, 2));
  assert.notEqual(sse.digests['member-3'], star.digests['member-3']);
  assert.equal(new Set([...of(sse.digests), ...of(star.digests)]).size, 4);
  assert.equal(plain.digests['member-1'], sse.digests['member-1']);
  assert.equal(local.digests['member-1'], sse.digests['member-1']);
  assert.notEqual(local.digests['member-2'], sse.digests['member-2']);
  assert.deepEqual([await parentsOf(sse.folder, 'member-3'), await parentsOf(star.folder, 'member-3')], ['member-2', 'member-1']);
  assert.deepEqual(plain.view.results?.rows.map(({ name }) => name), ['member-1', 'mean-member']);
});

test('FGE: triangles by the step, from the member before or from member 1', async (t) => {
  const cycle = { lrRatio: 2, epochRatio: 0.5 };
  const chain = await ranMethod(t, { kind: 'fge', members: 3, cycle });
  const star = await ranMethod(t, { kind: 'fge', shape: 'star', members: 3, cycle });
  assert.deepEqual(chain.view.members.map(({ member }) => member.startsFrom), ['pretrained', 'member-1', 'member-2']);
  assert.deepEqual([chain.digests['member-1'], chain.digests['member-2']], [star.digests['member-1'], star.digests['member-2']]);
  assert.notEqual(chain.digests['member-3'], star.digests['member-3']);
});

test('a chain may go on with the optimizer of the member before', async (t) => {
  const kept = await ranMethod(t, { kind: 'sse', members: 3, cycle: { epochRatio: 0.5, resetOptimizer: false } });
  const files = filesOf(kept.folder).filter((file) => file.endsWith('final.safetensors'));
  assert.deepEqual(files, ['members/member-1/final.safetensors', 'members/member-2/final.safetensors'], 'the last one has no use for it');
  assert.equal(new Set(['member-1', 'member-2', 'member-3'].map((name) => kept.digests[name])).size, 3);
});

test('Local DE with a shared head, probed first: one probed head for all', async (t) => {
  const linearProbe = { epochs: 1, learningRate: 0.1 };
  const { view, folder } = await ranMethod(t, { kind: 'local-de', members: 2, head: 'shared', linearProbe });
  assert.deepEqual(view.members.map(({ member, state }) => [member.headSeed, member.probe?.seed, state.steps, state.step]), [[0, 0, 18, 18], [0, 0, 18, 18]]);
  assert.ok(filesOf(folder).includes('snapshots/member-2.safetensors'));
});

test('SWA and EMA of a fine-tuning become soups with re-estimated batch norm, predictions and a row each', async (t) => {
  const { view, folder, digests } = await ranMethod(
    t,
    { kind: 'fine-tuning', swa: { start: 0.5, learningRate: 0.02 }, ema: { decay: 0.9 } },
    { model: { network: 'resnet-8' }, training: { ...TRAINING, epochs: 4 } },
  );
  assert.deepEqual(view.results?.rows.map(({ name, kind, members, forwardPasses }) => [name, kind, members.join(), forwardPasses]), [
    ['member-1', 'member', 'member-1', 1],
    ['mean-member', 'mean-member', 'member-1', 1],
    ['soup-ema-1', 'soup', 'member-1', 1],
    ['soup-swa-1', 'soup', 'member-1', 1],
  ]);
  assert.deepEqual(view.soups.map(({ name, rule, parents }) => [name, rule, parents.join()]), [['soup-ema-1', 'ema', 'member-1'], ['soup-swa-1', 'swa', 'member-1']]);
  assert.equal(new Set(Object.values(digests)).size, 3);
  const predictions = filesOf(path.join(folder, 'predictions'));
  for (const name of ['soup-swa-1', 'soup-ema-1']) for (const set of ['validation', 'test']) assert.ok(predictions.includes(`${name}.${set}.safetensors`));
});

test('X7: the SWA of one epoch and the EMA that forgets at once are the member itself', async (t) => {
  const { digests } = await ranMethod(t, { kind: 'fine-tuning', swa: { start: 0.5 }, ema: { decay: 0 } });
  assert.deepEqual(Object.keys(digests), ['member-1', 'soup-ema-1', 'soup-swa-1']);
  assert.equal(new Set(Object.values(digests)).size, 1);
});
