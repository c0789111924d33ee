/** Corruptions that Pillow, SciPy and colorsys define too: what these gave before, and give now where Python is there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canvasOf, type Canvas } from '../../../src/core/corruptions/canvas.ts';
import { gaussianBlur } from '../../../src/core/corruptions/filters.ts';
import { jpeg } from '../../../src/core/corruptions/jpeg.ts';
import { pixelate } from '../../../src/core/corruptions/pixelate.ts';
import { brightness, saturate } from '../../../src/core/corruptions/tones.ts';
import { uniform } from '../../reference/formula.ts';
import { pythonReference, runPython } from '../../reference/python.ts';

const [HEIGHT, WIDTH] = [37, 45];

const noise = uniform('noise', HEIGHT * WIDTH * 3);
const pixels = Uint8Array.from({ length: noise.length }, (_, index) => {
  const [y, x] = [Math.floor(index / 3 / WIDTH), Math.floor(index / 3) % WIDTH];
  const waves = [Math.sin(x / 7) + Math.cos(y / 5), Math.sin((x + y) / 9), Math.cos(x / 11)];
  return Math.floor(Math.min(Math.max(127 + 60 * waves[index % 3] + 40 * (noise[index] - 0.5), 0), 255));
});
const colour = canvasOf(pixels, [HEIGHT, WIDTH, 3]);
const grey = canvasOf(pixels.filter((_, index) => index % 3 === 0), [HEIGHT, WIDTH, 1]);

/** With what may differ, in levels of 0..255: at most, and in the mean. Of JPEG in colour, libjpeg rounds chroma in its own way. */
const CASES: [name: string, made: () => Canvas, most: number, mean: number][] = [
  ['jpeg 25', () => jpeg(colour, [25]), 12, 1.6],
  ['jpeg 80', () => jpeg(colour, [80]), 8, 1],
  ['jpeg grey 10', () => jpeg(grey, [10]), 1.01, 0.1],
  ['pixelate 0.6', () => pixelate(colour, [0.6]), 1.01, 0.5],
  ['pixelate 0.25', () => pixelate(colour, [0.25]), 1.01, 0.5],
  ['blur 0.6', () => gaussianBlur(colour, 0.6), 2e-3, 1e-3],
  ['blur 3', () => gaussianBlur(colour, 3), 2e-3, 1e-3],
  ['brightness 0.2', () => brightness(colour, [0.2]), 2e-3, 1e-3],
  ['saturate 5 0.1', () => saturate(colour, [5, 0.1]), 2e-3, 1e-3],
];

function compare(text: string, tell: (line: string) => void): void {
  const fixture = JSON.parse(text) as { pixels: number[]; 'every seventh': Record<string, number[]> };
  assert.deepEqual([...pixels].filter((_, index) => index % 97 === 0), fixture.pixels);
  for (const [name, made, most, mean] of CASES) {
    const ours = Array.from(made().data, (value) => 255 * Math.min(Math.max(value, 0), 1)).filter((_, index) => index % 7 === 0);
    const expected = fixture['every seventh'][name];
    assert.equal(ours.length, expected.length);
    const differences = ours.map((value, index) => Math.abs(value - expected[index]));
    const average = differences.reduce((sum, each) => sum + each, 0) / differences.length;
    tell(`${name}: at most ${Math.max(...differences).toFixed(4)}, mean ${average.toFixed(4)}`);
    assert.ok(Math.max(...differences) <= most && average <= mean, `${name}: at most ${Math.max(...differences)}, mean ${average}`);
  }
}

test('corruptions are those that Pillow, SciPy and colorsys gave', (t) => {
  compare(readFileSync(join(import.meta.dirname, '../../fixtures/reference/corruptions.json'), 'utf8'), (line) => t.diagnostic(line));
});

const python = await pythonReference();
// Where there is no Python the fixture above stands for it.
if (python !== null) test('and that they give now', async (t) => {
  compare(await runPython(python, 'corruptions_fixture.py', []), (line) => t.diagnostic(line));
});
