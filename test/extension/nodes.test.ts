import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenReason, childrenOf, contextValueOf, fileOf, headline, idOf, isResumable, parentOf, progressOf, runOf, type BrokenNode, type RunNode } from '../../src/extension/tree/nodes.ts';
import { resultRow, runView, type RunViewOptions } from './run-view.ts';

function node(options: RunViewOptions = {}): RunNode {
  const run = runView(options);
  return { kind: 'run', folder: run.folder, run };
}

function finished(): RunNode {
  const result = node({ status: 'done', memberStatus: 'done' });
  const names = result.run.members.map(({ member }) => member.name);
  result.run.soups = [{ name: 'soup-uniform-1', snapshot: 'snapshots/soup-uniform-1.safetensors', rule: 'uniform', parents: names }];
  result.run.results = {
    rows: [resultRow('member-1', 'member', ['member-1'], 0.8), resultRow('ensemble-2', 'ensemble', names.slice(0, 2), 0.82), resultRow('ensemble-1', 'ensemble', names, 0.81)],
    metric: 'accuracy', bestMember: 'member-1', testImages: 10, validationImages: 10, bootstrapSamples: 10, createdAt: '',
  };
  return result;
}

test('run -> members -> snapshots, and soups and ensembles below the run', () => {
  const children = childrenOf(finished());
  assert.deepEqual(children.map(({ kind }) => kind), ['member', 'member', 'member', 'soup', 'ensemble', 'ensemble']);
  const [snapshot] = childrenOf(children[0]);
  assert.equal(snapshot.kind, 'snapshot');
  assert.deepEqual(childrenOf(snapshot), []);
  assert.deepEqual(childrenOf(childrenOf(node())[0]), []);
});

test('every node knows its parent and its run, and has an id of its own that stays', () => {
  const run = finished();
  const all = [run, ...childrenOf(run), ...childrenOf(run).flatMap(childrenOf)];
  for (const child of childrenOf(run)) assert.equal(parentOf(child), run);
  for (const some of all) assert.equal(runOf(some), run);
  assert.equal(new Set(all.map(idOf)).size, all.length);
  assert.deepEqual(childrenOf(finished()).map(idOf), childrenOf(run).map(idOf));
});

test('context values say what menus may offer', () => {
  assert.equal(contextValueOf(node()), 'run.running');
  assert.equal(contextValueOf(finished()), 'run.done.mixable');
  const half = node({ status: 'stopped' });
  half.run.members[0].snapshot = 'snapshots/member-1.safetensors';
  assert.equal(contextValueOf(half), 'run.stopped');
  half.run.members[2].snapshot = 'snapshots/member-3.safetensors';
  assert.equal(contextValueOf(half), 'run.stopped.mixable');
  half.run.members[1].state.status = 'failed';
  assert.equal(contextValueOf(half), 'run.stopped.failures.mixable');
  const run = finished();
  assert.deepEqual(childrenOf(run).map(contextValueOf), ['member.done.snapshot', 'member.done.snapshot', 'member.done.snapshot', 'soup', 'ensemble', 'ensemble']);
  assert.equal(contextValueOf(childrenOf(node({ memberStatus: 'interrupted' }))[0]), 'member.interrupted');
});

test('each node stands for a file of the run folder', () => {
  const run = finished();
  const files = [run, ...childrenOf(run), ...childrenOf(childrenOf(run)[0])].map(fileOf);
  assert.deepEqual(files.map((file) => file.replace(run.folder, '')), [
    '', '/members/member-1', '/members/member-2', '/members/member-3',
    '/snapshots/soup-uniform-1.safetensors', '/analyses/table.json', '/analyses/table.json', '/snapshots/member-1.safetensors',
  ]);
});

test('an unreadable run leads to the file that is wrong', () => {
  const broken = (message: string): BrokenNode => ({ kind: 'broken', folder: '/runs/a', error: { code: 'file-invalid', message } });
  const state = broken('/runs/a/members/member-1/state.json: not valid JSON (Unexpected end)');
  assert.equal(fileOf(state), '/runs/a/members/member-1/state.json');
  assert.equal(brokenReason(state), 'members/member-1/state.json: not valid JSON (Unexpected end)');
  assert.equal(fileOf(broken('/runs/a/members/member-1/state.json is missing')), '/runs/a/members/member-1/state.json');
  assert.equal(fileOf(broken('permission denied')), '/runs/a/run.json');
});

test('progress is steps of all members', () => {
  const run = runView({ members: 2 });
  run.members[0].state.step = 24;
  run.members[1].state.step = 0;
  assert.equal(progressOf(run), 0.5);
  assert.equal(progressOf({ ...run, members: [] }), 0);
});

test('the headline is the ensemble of the most members', () => {
  assert.equal(headline(finished().run)?.name, 'ensemble-1');
  assert.equal(headline(runView()), undefined);
});

test('what can be resumed', () => {
  const statuses = ['queued', 'running', 'evaluating', 'done', 'stopped', 'failed', 'interrupted'] as const;
  assert.deepEqual(statuses.filter(isResumable), ['queued', 'stopped', 'failed', 'interrupted']);
});
