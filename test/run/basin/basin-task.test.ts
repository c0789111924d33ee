import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import * as v from 'valibot';
import { BasinSchema, verdictOf, type Basin } from '../../../src/protocol/basin.ts';
import { runFiles } from '../../../src/run/folder.ts';
import { takeLock } from '../../../src/run/lock.ts';
import { basinLines } from '../../../src/run/cli/basin.ts';
import { basinTask } from '../../../src/run/trainer/basin/basin-task.ts';
import { context, madeRun } from './made-run.ts';

const ask = async (folder: string, request: object = {}, told = context()): Promise<Basin> => await basinTask(folder, JSON.stringify({ points: 5, ...request }), told.context);
const pointsOf = (folder: string): string => readFileSync(runFiles.analysisPoints(folder, 'basin'), 'utf8');
const written = (folder: string): Basin => v.parse(BasinSchema, JSON.parse(readFileSync(runFiles.analysis(folder, 'basin'), 'utf8')));
/** All but what depends on when it was asked. */
const lasting = ({ createdAt, budget, ...rest }: Basin): object => (assert.ok(createdAt !== '' && budget.points > 0), rest);

test('barriers, verdicts, distances and components of members, a soup and the pre-trained body', async (t) => {
  const folder = await madeRun(t, 'resnet-8');
  const told = context();
  const basin = await ask(folder, { networks: ['member-2', 'member-1', 'member-3', 'soup-uniform-1', 'pretrained'], reference: 'member-1' }, told);
  assert.deepEqual(written(folder), basin);
  assert.deepEqual(basin.networks, ['member-1', 'member-2', 'member-3', 'soup-uniform-1', 'pretrained']);
  assert.equal(basin.lines.length, 10);
  assert.deepEqual(basin.checks, { ownBarrier: 0, wayBack: 0 });
  assert.deepEqual(basin.measuring, { sets: ['train', 'test'], images: { train: 96, validation: 0, test: 90 }, statisticsImages: 96 });
  // Ends are shared: 4 networks, 4 heads on the pre-trained body, 3 points between the ends of each of 10 lines.
  assert.equal(basin.budget.points, 38);
  assert.equal(basin.budget.forwardPasses, 38 * (96 + 96 + 90));
  assert.match(told.messages.find((message) => message.startsWith('Budget'))!, /^Budget: 38 points to measure, 10716 forward passes, about \d+ s$/);
  const line = (a: string, b: string) => basin.lines.find((each) => each.a === a && each.b === b)!;
  assert.equal(line('member-1', 'member-2').sets.test!.loss[0], line('member-1', 'member-3').sets.test!.loss[0]);
  assert.equal(line('member-1', 'pretrained').head, 'other');
  assert.equal(line('member-1', 'member-2').head, 'own');
  assert.deepEqual(basin.pretrained, { what: 'start.safetensors', head: 'other' });
  assert.deepEqual(basin.verdicts.map(({ network }) => network), ['member-2', 'member-3', 'soup-uniform-1']);
  const part = (name: string) => basin.geometry.parts.find((each) => each.part === name)!;
  // The pre-trained head is another one: without it.
  assert.equal(part('whole').distance[0][4], null);
  assert.equal(part('fc').distance[0][4], null);
  assert.ok(part('backbone').distance[0][4]! > 0);
  // member-2 and the soup lie on one ray from member-1, the soup half as far.
  assert.ok(Math.abs(part('whole').distance[0][1]! - 2 * part('whole').distance[0][3]!) < 1e-5);
  assert.ok(part('whole').angle[1][3]! < 0.01);
  assert.ok(part('conv1').parameters === 144 && part('whole').parameters > part('backbone').parameters);
  const [whole, backbone] = basin.geometry.components;
  assert.deepEqual([whole.networks.length, backbone.networks.length], [4, 5]);
  assert.ok(Math.abs(whole.explained.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  const lines = basinLines(basin);
  assert.match(lines.join('\n'), /member-2 +(inside|border|outside) .*\n[^]*pretrained is the body of start\.safetensors/);
});

test('points are kept: another threshold or another network measures nothing twice', async (t) => {
  const folder = await madeRun(t);
  const first = await ask(folder, { networks: ['member-1', 'member-3'], threshold: { error: 1, loss: 1000 } });
  assert.equal(first.verdicts[0].verdict, 'inside');
  const points = pointsOf(folder);
  const second = await ask(folder, { networks: ['member-1', 'member-3'], threshold: { error: 0, loss: 0 } });
  assert.deepEqual([second.budget.done, second.budget.forwardPasses], [5, 0]);
  assert.deepEqual(second.lines, first.lines);
  assert.deepEqual(second.threshold, { error: 0, loss: 0 });
  assert.equal(second.verdicts[0].verdict, verdictOf(first.lines[0], { error: 0, loss: 0 }));
  assert.equal(pointsOf(folder), points);
  // The other way round it is the same line.
  const back = await ask(folder, { networks: ['member-3', 'member-1'] });
  assert.equal(back.budget.done, 5);
  assert.deepEqual(back.lines[0].sets.test!.loss, first.lines[0].sets.test!.loss.toReversed());
  const more = await ask(folder, { networks: ['member-1', 'member-3', 'member-2'] });
  assert.deepEqual([more.budget.points, more.budget.done], [12, 5]);
  const other = await ask(folder, { networks: ['member-1', 'member-3'], images: 50 });
  assert.deepEqual([other.budget.done, other.measuring.images.test], [0, 50]);
});

test('cancelled, nothing is half written, and asked again it goes on to the same end', async (t) => {
  const folder = await madeRun(t);
  const again = `${folder}-again`;
  cpSync(folder, again, { recursive: true });
  const whole = await ask(folder);
  await assert.rejects(ask(again, {}, context(8)), { code: 'cancelled' });
  assert.ok(!existsSync(runFiles.analysis(again, 'basin')) && !existsSync(runFiles.analysisLock(again, 'basin')));
  const resumed = await ask(again);
  assert.ok(resumed.budget.done > 0 && resumed.budget.done < resumed.budget.points);
  assert.deepEqual(lasting(resumed), lasting(whole));
});

test('points that are torn or of another kind are measured again', async (t) => {
  const folder = await madeRun(t);
  const whole = await ask(folder);
  const points = pointsOf(folder);
  const lines = points.split('\n');
  const broken: [string, string, number][] = [
    ['a torn end', points.slice(0, -20), 1],
    ['a line that is no JSON', points.replace(lines[2], 'nonsense'), 1],
    ['a line of another form', points.replace(lines[3], '{"id": 7}'), 1],
    ['another key', points.replace(lines[0], '{"key":"0000000000"}'), lines.length - 2],
    ['nothing', '', lines.length - 2],
  ];
  for (const [what, text, missing] of broken) {
    writeFileSync(runFiles.analysisPoints(folder, 'basin'), text);
    const mended = await ask(folder);
    // The network's line to itself is no point of the budget.
    assert.ok(Math.abs(mended.budget.points - mended.budget.done - missing) <= 1, what);
    assert.deepEqual(lasting(mended), lasting(whole), what);
    assert.equal(pointsOf(folder).split('\n').length, lines.length, what);
  }
});

test('a snapshot that is broken or of another network, and wrong names, are told and leave nothing', async (t) => {
  const folder = await madeRun(t);
  await assert.rejects(ask(folder, { networks: ['member-1', 'member-9'] }), { code: 'usage', message: /member-9/ });
  await assert.rejects(ask(folder, { networks: ['member-1'] }), { code: 'usage', message: /member-1 alone/ });
  await assert.rejects(ask(folder, { networks: ['member-1', 'pretrained'], reference: 'pretrained' }), { code: 'usage' });
  await assert.rejects(ask(folder, { points: 2 }), { code: 'usage', message: /points/ });
  await assert.rejects(basinTask(folder, '{"points": "many"}', context().context), { code: 'usage' });
  const file = runFiles.snapshot(folder, 'member-2');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.length - 10));
  await assert.rejects(ask(folder), { code: 'file-invalid', message: /member-2/ });
  writeFileSync(file, readFileSync(runFiles.snapshot(await madeRun(t, 'linear'), 'member-1')));
  await assert.rejects(ask(folder), { code: 'mismatch', message: /member-2 does not fit/ });
  assert.ok(!existsSync(runFiles.analysis(folder, 'basin')));
  const lock = await takeLock(runFiles.analysisLock(folder, 'basin'), 'test');
  await assert.rejects(ask(folder, { networks: ['member-1', 'member-3'] }), { code: 'run-busy' });
  await lock.release();
});

test('logistic regression has no barrier, and no body', async (t) => {
  const basin = await ask(await madeRun(t, 'linear'), { networks: ['member-1', 'member-2', 'member-3'] });
  for (const { sets } of basin.lines) assert.ok(sets.train!.lossBarrier! < 1e-12);
  assert.deepEqual(basin.geometry.parts.map(({ part }) => part), ['whole', 'fc']);
});
