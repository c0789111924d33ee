import assert from 'node:assert/strict';
import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { floatTensor } from '../../src/protocol/tensor.ts';
import type { PlanInput } from '../../src/protocol/plan.ts';
import { readRun, runFiles } from '../../src/run/folder.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { readSafetensors, writeSafetensors } from '../../src/run/safetensors-file.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { createRun, runToEnd, snapshotDigests, tinyPlanFile, untilOver } from './real-run.ts';

const TRAINING = { epochs: 1, batchSize: 16, optimizer: { learningRate: 0.05 } };

/** A folder with a plan's data and two checkpoints of the network, a.safetensors and b.safetensors, trained from scratch. */
async function withCheckpoints(t: TestContext): Promise<string> {
  const plan = tinyPlanFile(t, { method: { kind: 'local-de', members: 2 }, training: TRAINING });
  const run = await createRun(plan);
  await runToEnd(run);
  const folder = path.dirname(plan);
  for (const [index, name] of ['a', 'b'].entries()) copyFileSync(runFiles.snapshot(run, `member-${index + 1}`), path.join(folder, `${name}.safetensors`));
  return folder;
}

function planIn(folder: string, method: PlanInput['method'], overrides: Partial<PlanInput> = {}): string {
  return writeTinyPlan(folder, { model: { network: 'mlp', checkpoint: 'a.safetensors' }, training: TRAINING, ...overrides, method }, { fileName: `${method.kind}.starsse.json` });
}

test('Global DE: each member from its own checkpoint; each is fingerprinted, and one that changed is refused', async (t) => {
  const folder = await withCheckpoints(t);
  const plan = planIn(folder, { kind: 'global-de', otherCheckpoints: ['b.safetensors'] });
  const global = await createRun(plan);
  const { checkpointFingerprint, checkpointFingerprints } = await readRun(global);
  assert.deepEqual(Object.keys(checkpointFingerprints), ['a.safetensors', 'b.safetensors']);
  assert.equal(checkpointFingerprint, checkpointFingerprints['a.safetensors']);
  assert.notEqual(checkpointFingerprints['a.safetensors'], checkpointFingerprints['b.safetensors']);
  await runToEnd(global);
  const local = await createRun(planIn(folder, { kind: 'local-de', members: 2 }));
  await runToEnd(local);
  const [ofGlobal, ofLocal] = [await snapshotDigests(global), await snapshotDigests(local)];
  assert.equal(ofGlobal['member-1'], ofLocal['member-1']);
  assert.notEqual(ofGlobal['member-2'], ofLocal['member-2']);

  const changed = await createRun(plan);
  const [b, old] = [path.join(folder, 'b.safetensors'), path.join(folder, 'old.safetensors')];
  renameSync(b, old);
  copyFileSync(path.join(folder, 'a.safetensors'), b);
  await startSupervisor(changed);
  const view = await untilOver(changed);
  assert.deepEqual(view.members.map(({ state }) => [state.status, state.error?.code]), [['done', undefined], ['failed', 'data-invalid']]);
  assert.match(view.members[1].state.error?.message ?? '', /b\.safetensors is not what it was when the run was made/);
  renameSync(old, b);
  await resumeRun(changed);
  assert.equal((await untilOver(changed)).status, 'done');
  assert.deepEqual(await snapshotDigests(changed).then(({ 'member-1': one, 'member-2': two }) => [one, two]), [ofGlobal['member-1'], ofGlobal['member-2']]);
});

test('X13: one checkpoint under two names makes clones when the seeds are equal', async (t) => {
  const folder = await withCheckpoints(t);
  copyFileSync(path.join(folder, 'a.safetensors'), path.join(folder, 'copy.safetensors'));
  const method = { kind: 'global-de', otherCheckpoints: ['b.safetensors', 'copy.safetensors'] } as const;
  const clones = planIn(folder, { ...method, otherCheckpoints: [...method.otherCheckpoints] }, { memberSeeds: [1, 2, 1] });
  await assert.rejects(createRun(clones), { code: 'clones', message: /member-1 and member-3 would be identical: both start from the same checkpoint \(a\.safetensors and copy\.safetensors\) with seed 1/ });
});

test('a kept head goes on where the checkpoint was; other classes are refused by number', async (t) => {
  const folder = await withCheckpoints(t);
  const none = { epochs: 1, batchSize: 16, optimizer: { learningRate: 1e-12 } };
  const of = async (head: 'new' | 'kept'): Promise<number> => {
    const { results } = await runToEnd(await createRun(planIn(folder, { kind: 'fine-tuning', head }, { training: none })));
    return results?.rows[0].accuracy ?? NaN;
  };
  const pretrained = (await runToEnd(await createRun(tinyPlanFile(t, { method: { kind: 'fine-tuning' }, training: TRAINING })))).results?.rows[0].accuracy;
  assert.equal(await of('kept'), pretrained, 'nothing was learned and nothing forgotten');
  assert.notEqual(await of('new'), pretrained);

  const file = path.join(folder, 'a.safetensors');
  const { tensors, metadata } = await readSafetensors(file);
  const five = tensors.map((tensor) => (tensor.name.startsWith('fc2.') ? floatTensor(tensor.name, [5, ...tensor.shape.slice(1)], new Float32Array(5 * (tensor.shape[1] ?? 1))) : tensor));
  await writeSafetensors(file, five, metadata);
  const kept = planIn(folder, { kind: 'local-de', members: 2, head: 'kept' });
  await assert.rejects(createRun(kept), { code: 'mismatch', message: /method\.head is "kept", and the last layer of .*a\.safetensors is not one of 3 classes\. .* it is of 5 classes, not 3/, hint: /Set method\.head to "new"/ });
  await createRun(planIn(folder, { kind: 'local-de', members: 2 }));
  await writeSafetensors(file, five.filter(({ name }) => name !== 'fc1.bias'), metadata);
  await assert.rejects(createRun(planIn(folder, { kind: 'local-de', members: 2, head: 'kept' })), { code: 'mismatch', message: /does not fit the network mlp: missing \(1\): fc1\.bias/ }, 'what is wrong besides is told');
});

test('a network must come from somewhere, and from one place', async (t) => {
  const folder = await withCheckpoints(t);
  const method = { kind: 'fine-tuning' } as const;
  await assert.rejects(createRun(planIn(folder, method, { model: {} })), { code: 'plan-invalid', message: /model\.network and model\.checkpoint are both null/ });
  await assert.rejects(createRun(planIn(folder, method, { model: { checkpoint: 'a.safetensors' } })), { code: 'plan-invalid', message: /model\.network is null, and .*a\.safetensors holds weights alone/ });
  await assert.rejects(createRun(planIn(folder, method, { model: { network: 'mlp', checkpoint: 'c.safetensors' } })), { code: 'file-missing' });
  writeFileSync(path.join(folder, 'd.pth'), '');
  await assert.rejects(createRun(planIn(folder, method, { model: { network: 'mlp', checkpoint: 'd.pth' } })), { code: 'file-invalid', message: /is a PyTorch file/ });
});
