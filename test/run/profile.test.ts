import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import { PHASES, ProfileSchema, wholeOf } from '../../src/protocol/profile.ts';
import { profileTable, readProfiles } from '../../src/run/cli/profile.ts';
import { readRun, runFiles } from '../../src/run/folder.ts';
import { requestStop } from '../../src/run/requests.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { MemberProfile } from '../../src/run/trainer/member-profile.ts';
import { viewRun } from '../../src/run/view.ts';
import { createRun, tinyPlanFile, untilOver, untilStep } from './real-run.ts';
import { ChromeTraceSchema, nestingFaults } from './records/chrome-trace.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeRun } from './written-run.ts';

const traceOf = (folder: string, member: string) => v.parse(ChromeTraceSchema, JSON.parse(readFileSync(runFiles.trace(folder, member), 'utf8')));
const totalsOf = (folder: string, member: string) => v.parse(ProfileSchema, JSON.parse(readFileSync(runFiles.profile(folder, member), 'utf8')));

test('run --profile prints where a step goes, for each member and all, and leaves a trace of each', async (t) => {
  const plan = tinyPlanFile(t, { method: { kind: 'local-de', members: 2 } });
  const { code, stdout, stderr } = await starsse(['run', plan, '--runs', path.join(path.dirname(plan), 'runs'), '--profile', '--json']);
  assert.deepEqual([code, stderr], [0, '']);
  const { folder, profile: { members, all } } = JSON.parse(stdout) as { folder: string; profile: { members: ({ member: string; totalMs: number } & ReturnType<typeof totalsOf>)[]; all: { steps: number; totalMs: number; ms: Record<string, number> } } };
  assert.deepEqual(members.map(({ member, steps }) => [member, steps]), [['member-1', 24], ['member-2', 24]]);
  for (const { ms, totalMs } of [...members, all]) assert.ok(Math.abs(Object.values(ms).reduce((sum, part) => sum + part, 0) - totalMs) < 1e-6 * totalMs);
  assert.equal(all.steps, 48);
  assert.ok(Math.abs(all.totalMs - members[0].totalMs - members[1].totalMs) < 1e-6 * all.totalMs);
  for (const name of ['member-1', 'member-2']) {
    const trace = traceOf(folder, name);
    assert.deepEqual(trace.otherData, { stepsSeen: 24, stepsKept: 24 });
    assert.deepEqual(nestingFaults(trace), []);
    assert.deepEqual(trace.traceEvents.flatMap((event) => (event.ph === 'M' ? event.args.name : [])).slice(1), [name]);
    const names = new Set(trace.traceEvents.map((event) => event.name));
    for (const phase of PHASES) assert.ok(names.has(phase), phase);
  }
  const watched = await starsse(['watch', folder]);
  assert.match(watched.stdout, /^ +steps +ms a step +input +copy +compute +read +log +evaluation +other\nmember-1 +24 .*\nmember-2 +24 .*\nall +48 +\d+\.\d\d( +\d+\.\d %){7}$/m);
});

test('a run that is not profiled has none of it', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  const run = await readRun(folder);
  const [member] = run.members;
  assert.equal(await MemberProfile.open(folder, run, member, 0), null);
  assert.deepEqual(await readProfiles(await viewRun(folder)), []);
  assert.notEqual(await MemberProfile.open(folder, { ...run, profile: true }, member, 0), null);
});

test('stopped and resumed, the totals count each step once and the trace is that of the last start', async (t) => {
  const folder = await createRun(tinyPlanFile(t, { model: { network: 'resnet-8' }, method: { kind: 'local-de', members: 1 }, training: { epochs: 8, batchSize: 16, optimizer: { learningRate: 0.01 } } }), { profile: true });
  await startSupervisor(folder);
  await untilStep(folder, 'member-1', 5);
  await requestStop(folder);
  assert.equal((await untilOver(folder)).status, 'stopped');
  const before = totalsOf(folder, 'member-1');
  assert.ok(before.steps >= 5 && before.steps < 48);
  assert.equal(traceOf(folder, 'member-1').otherData.stepsSeen, before.steps);
  await resumeRun(folder);
  assert.equal((await untilOver(folder)).status, 'done');
  const after = totalsOf(folder, 'member-1');
  assert.equal(after.steps, 48);
  assert.ok(wholeOf(after) > wholeOf(before) && PHASES.every((phase) => after.ms[phase] >= before.ms[phase]));
  const trace = traceOf(folder, 'member-1');
  assert.equal(trace.otherData.stepsSeen, 48 - before.steps);
  assert.equal(trace.traceEvents.find((event) => event.ph === 'X')?.name, `step ${before.steps + 1}`);
});

test('shares of a table sum to the whole within rounding; a single member needs no sum', () => {
  const ms = { input: 1, copy: 2, compute: 60, read: 3, log: 4, evaluation: 20, other: 10 };
  const [, row, ...rest] = profileTable([{ member: 'member-1', steps: 10, ms }]);
  const shares = [...row.matchAll(/(\d+\.\d) %/g)].map(([, share]) => Number(share));
  assert.equal(shares.length, 7);
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 100) < 0.35);
  assert.match(row, /^member-1 +10 +10\.00 +1\.0 % +2\.0 % +60\.0 % +3\.0 % +4\.0 % +20\.0 % +10\.0 %$/);
  assert.equal(rest[0], '');
  assert.match(profileTable([{ member: 'member-1', steps: 0, ms: { ...ms, input: 0, copy: 0, compute: 0, read: 0, log: 0, evaluation: 0, other: 0 } }])[1], /^member-1 +0$/);
});
