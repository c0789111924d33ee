import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelSides } from '../../../webview-ui/dashboard/landscape/label-sides.ts';

test('a name that would cover the one before it stands on the other side; a third has no better side', () => {
  assert.deepEqual(labelSides([{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 0, y: 15 }]), ['right', 'right', 'right']);
  assert.deepEqual(labelSides([{ x: 0, y: 0 }, { x: 4, y: 6 }, { x: 0, y: 3 }]), ['right', 'left', 'right']);
});
