import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fractionRange, rangeOf, ticks } from '../../webview-ui/charts/ticks.ts';
import { contrast, luminance, parseColour } from '../../webview-ui/look/colour.ts';
import { heatColour, textOn } from '../../webview-ui/look/heat.ts';

const steps = Array.from({ length: 41 }, (_, index) => index / 40);

test('the order of heights is that of lightness, so it is seen in grey and with any colour vision', () => {
  const light = steps.map((at) => luminance(parseColour(heatColour(at, true))!));
  assert.ok(light.every((value, index) => index === 0 || value > light[index - 1]));
  const dark = steps.map((at) => luminance(parseColour(heatColour(at, false))!));
  assert.ok(dark.every((value, index) => index === 0 || value < dark[index - 1]));
  assert.ok(light[40] - light[0] > 0.6);
});

test('a value in a cell is readable on every colour', () => {
  for (const at of steps) assert.ok(contrast(parseColour(textOn(heatColour(at, true)))!, parseColour(heatColour(at, true))!) >= 4.5, String(at));
});

test('ticks are round and within the range', () => {
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(-3.2, 5.6, 4), [0, 5]);
  assert.deepEqual(ticks(0.818, 0.8362, 5), [0.82, 0.825, 0.83, 0.835]);
  assert.deepEqual(ticks(2, 2, 4), [2]);
  assert.deepEqual(rangeOf([1, 3], 0), [1, 3]);
  assert.deepEqual(rangeOf([]), [0, 1]);
  assert.deepEqual(fractionRange([0.5, 1]), [0.46, 1]);
});
