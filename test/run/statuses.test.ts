import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { RunStatus } from '../../src/protocol/run.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { viewRun } from '../../src/run/view.ts';
import { createRun, tinyPlanFile } from './real-run.ts';

test('whoever looks all the time sees a run go through its statuses in order, and never a false alarm', async (t) => {
  const folder = await createRun(tinyPlanFile(t, { method: { kind: 'starsse', members: 4 }, training: { epochs: 1, batchSize: 16, optimizer: { learningRate: 0.05 } } }), { workers: 2 });
  const seen: RunStatus[] = [(await viewRun(folder)).status];
  let over = false;
  const look = async (): Promise<void> => {
    const { status, members } = await viewRun(folder);
    if (status !== seen.at(-1)) seen.push(status);
    assert.ok(members.every(({ state }) => state.status !== 'interrupted'), JSON.stringify(members.map(({ state }) => state)));
    over = status !== 'queued' && status !== 'running' && status !== 'evaluating';
  };
  const start = startSupervisor(folder);
  for (let looks = 0; !over; looks++) {
    await look();
    await turn();
    assert.ok(looks < 1e6);
  }
  await start;
  assert.deepEqual(seen, ['queued', 'running', 'evaluating', 'done']);
});
