import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectedMembers } from '../../webview-ui/dashboard/selection.ts';
import { DEFAULT_TOGGLES } from '../../webview-ui/dashboard/toggles.ts';
import { member, memberView, runView } from './run-fixture.ts';

const run = runView({ members: [memberView(member(1), { status: 'done' }), memberView(member(2), { status: 'done' }), memberView(member(3), { status: 'running' })] });

test('all members that are done, unless they are left out', () => {
  assert.deepEqual(selectedMembers(run, DEFAULT_TOGGLES), ['member-1', 'member-2']);
  assert.deepEqual(selectedMembers(run, { ...DEFAULT_TOGGLES, deselected: ['member-1', 'member-3'] }), ['member-2']);
});
