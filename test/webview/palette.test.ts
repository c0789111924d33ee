import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, encoded, hexOf, linear, oklab, parseColour, type Rgb } from '../../webview-ui/look/colour.ts';
import { markerOf, seriesColours, seriesOf } from '../../webview-ui/look/palette.ts';
import themes from './harness/themes.json' with { type: 'json' };

/** Linear-light matrices of Machado, Oliveira and Fernandes (2009), severity 1. */
const VISIONS: Record<string, number[][]> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
};

function seen(colour: Rgb, matrix: number[][]): Rgb {
  const light = colour.map(linear);
  const [r, g, b] = matrix.map((row) => encoded(Math.min(1, Math.max(0, row[0] * light[0] + row[1] * light[1] + row[2] * light[2]))));
  return [r, g, b];
}

for (const [name, { variables, bodyClass }] of Object.entries(themes)) {
  const highContrast = bodyClass.includes('high-contrast');
  const dark = bodyClass.includes('dark') || bodyClass === 'vscode-high-contrast';
  const colours = seriesColours(variables['--vscode-editor-background'], highContrast, dark).map((colour) => parseColour(colour)!);

  test(`${name}: every colour has enough contrast`, () => {
    const behind = parseColour(variables['--vscode-editor-background'])!;
    for (const colour of colours) assert.ok(contrast(colour, behind) >= (highContrast ? 4.5 : 3), `${hexOf(colour)} has ${contrast(colour, behind)}`);
  });

  test(`${name}: the colours of five members differ for every kind of colour vision`, () => {
    for (const [vision, matrix] of Object.entries(VISIONS)) {
      const five = colours.slice(0, 5).map((colour) => oklab(seen(colour, matrix)));
      for (const [i, a] of five.entries()) {
        for (const [j, b] of five.slice(0, i).entries()) {
          const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
          assert.ok(distance > 0.06, `${vision}: ${i + 1} and ${j + 1} are ${distance.toFixed(3)} apart`);
        }
      }
    }
  });
}

test('colours are read as VS Code writes them', () => {
  assert.deepEqual(parseColour('#fff'), [1, 1, 1]);
  assert.deepEqual(parseColour(' #1f1f1fcc ')?.map((value) => Math.round(value * 255)), [31, 31, 31]);
  assert.deepEqual(parseColour('rgba(204, 0, 102, 0.5)'), [0.8, 0, 0.4]);
  for (const foreign of ['', 'red', '#12', 'rgb(1, 2)', 'rgb(a, b, c)']) assert.equal(parseColour(foreign), null, foreign);
});

test('black on white has the highest contrast', () => {
  assert.equal(contrast([0, 0, 0], [1, 1, 1]), 21);
  assert.equal(contrast([0.2, 0.2, 0.2], [0.2, 0.2, 0.2]), 1);
});

test('a background that cannot be read counts as dark or light', () => {
  assert.deepEqual(seriesColours('', false, true), seriesColours('#000000', false, true));
  assert.deepEqual(seriesColours('transparent', false, false), seriesColours('#ffffff', false, false));
});

test('24 members have 24 different pairs of colour and marker', () => {
  assert.equal(new Set(Array.from({ length: 24 }, (_, index) => `${seriesOf(index)} ${markerOf(index)}`)).size, 24);
});
