import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import * as v from 'valibot';
import { SharpnessSchema, type Sharpness } from '../../../src/protocol/sharpness.ts';
import { runFiles } from '../../../src/run/folder.ts';
import { sharpnessLines } from '../../../src/run/cli/sharpness.ts';
import { sharpnessTask } from '../../../src/run/trainer/basin/sharpness-task.ts';
import { context, madeRun } from './made-run.ts';

const ask = async (folder: string, request: object = {}, told = context()): Promise<Sharpness> =>
  await sharpnessTask(folder, JSON.stringify({ networks: ['member-1', 'member-3'], iterations: 4, samples: 2, draws: 2, radii: [0, 0.5], ...request }), told.context);
const lasting = ({ createdAt, budget, ...rest }: Sharpness): object => (assert.ok(createdAt !== '' && budget.points > 0), rest);

test('curvature and noise of a network with batch norm', async (t) => {
  const folder = await madeRun(t, 'resnet-8');
  const sharpness = await ask(folder, { networks: ['member-1'], images: 10 });
  assert.deepEqual(v.parse(SharpnessSchema, JSON.parse(readFileSync(runFiles.analysis(folder, 'sharpness'), 'utf8'))), sharpness);
  const [row] = sharpness.rows;
  assert.ok(row.loss! > 0 && row.gradientNorm! > 0 && row.topEigenvalue! > 0 && row.iterations <= 8);
  assert.deepEqual(row.noise.map(({ radius }) => radius), [0, 0.5]);
  // No noise: every draw is the network.
  assert.equal(row.noise[0].deviation, 0);
  assert.ok(row.noise[1].deviation! > 0);
  // 10 images: a gradient is 3 passes, of which the power iteration takes 2 x 4 and each sample 2; a noise is an estimate and a prediction.
  assert.equal(sharpness.budget.forwardPasses, 10 * (3 + 3 * 8 + 2 * 6 + 4 * 2));
  assert.match(sharpnessLines(sharpness)[1], /^member-1 /);
});

test('cancelled, what is there is kept; asked again it ends as if never stopped, also when what was kept is torn', async (t) => {
  const folder = await madeRun(t);
  const again = `${folder}-again`;
  cpSync(folder, again, { recursive: true });
  const whole = await ask(folder);
  await assert.rejects(ask(again, {}, context(6)), { code: 'cancelled' });
  assert.ok(!existsSync(runFiles.analysis(again, 'sharpness')));
  const file = runFiles.analysisPoints(again, 'sharpness');
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -5));
  const resumed = await ask(again);
  assert.ok(resumed.budget.done >= 2 && resumed.budget.done < resumed.budget.points);
  assert.deepEqual(lasting(resumed), lasting(whole));
  assert.equal((await ask(again)).budget.forwardPasses, 0);
  // More samples go on from those that there are.
  const more = await ask(again, { samples: 4 });
  assert.equal(more.budget.points - more.budget.done, 4);
});

test('wrong names and broken snapshots are told', async (t) => {
  const folder = await madeRun(t);
  await assert.rejects(ask(folder, { networks: ['member-4'] }), { code: 'usage', message: /member-4/ });
  await assert.rejects(ask(folder, { iterations: 0 }), { code: 'usage' });
  writeFileSync(runFiles.snapshot(folder, 'member-3'), 'torn');
  await assert.rejects(ask(folder), { code: 'file-invalid', message: /member-3/ });
  assert.ok(!existsSync(runFiles.analysis(folder, 'sharpness')));
});
