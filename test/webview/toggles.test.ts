import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_TOGGLES, toggle, togglesFrom } from '../../webview-ui/dashboard/toggles.ts';

test('each toggle turns over and back', () => {
  for (const event of [
    { type: 'hide', member: 'member-2' },
    { type: 'pin', member: 'member-2' },
    { type: 'select', member: 'member-2' },
    { type: 'logLoss' },
    { type: 'logRate' },
    { type: 'clip' },
    { type: 'trainers' },
    { type: 'table', chart: 'rate' },
  ] as const) {
    const once = toggle(DEFAULT_TOGGLES, event);
    assert.notDeepEqual(once, DEFAULT_TOGGLES, event.type);
    assert.deepEqual(toggle(once, event), DEFAULT_TOGGLES, event.type);
  }
});

test('another pin takes the place of the first', () => {
  assert.equal(toggle({ ...DEFAULT_TOGGLES, pinned: 'member-1' }, { type: 'pin', member: 'member-3' }).pinned, 'member-3');
});

test('smoothing stays a weight below one', () => {
  assert.equal(toggle(DEFAULT_TOGGLES, { type: 'smooth', weight: 0.3 }).smoothing, 0.3);
  assert.equal(toggle(DEFAULT_TOGGLES, { type: 'smooth', weight: 1 }).smoothing, 0.99);
  assert.equal(toggle(DEFAULT_TOGGLES, { type: 'smooth', weight: -1 }).smoothing, 0);
  assert.equal(toggle(DEFAULT_TOGGLES, { type: 'smooth', weight: Number.NaN }).smoothing, DEFAULT_TOGGLES.smoothing);
});

test('what was saved comes back', () => {
  const set = {
    ...DEFAULT_TOGGLES, hidden: ['member-2'], pinned: 'member-3', deselected: ['member-1'], smoothing: 0.9, logLoss: true, logRate: true, clip: true, tables: ['loss'] as const,
    zoom: { from: 1.5, to: 2 }, log: 'member-2', trainers: true,
  };
  assert.deepEqual(togglesFrom(JSON.parse(JSON.stringify(set))), set);
});

test('what does not fit takes its default', () => {
  for (const foreign of [undefined, null, 7, 'x', [], { hidden: 'all', pinned: 3, deselected: [1, null], smoothing: '1', logLoss: 'yes', tables: ['pie', 4], zoom: { from: 3, to: 2 }, log: '../x' }]) {
    assert.deepEqual(togglesFrom(foreign), DEFAULT_TOGGLES);
  }
});

test('the second of two thresholds that change before the view is drawn again leaves the first', () => {
  const first = toggle(DEFAULT_TOGGLES, { type: 'landscape', change: { threshold: { error: 0.25 } } });
  assert.deepEqual(toggle(first, { type: 'landscape', change: { threshold: { loss: 2 } } }).landscape, { ...DEFAULT_TOGGLES.landscape, threshold: { error: 0.25, loss: 2 } });
  assert.deepEqual(toggle(first, { type: 'landscape', change: { figure: 'loss' } }).landscape.threshold, first.landscape.threshold);
});
