/** What Pillow, SciPy and colorsys make of the corruptions that they define too, of one picture: in `fixtures/reference/corruptions.json`, and anew where Python is there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { uniform } from './formula.ts';
import { pythonReference, runPython } from './python.ts';

export const [HEIGHT, WIDTH] = [37, 45];

const noise = uniform('noise', HEIGHT * WIDTH * 3);
/** [HEIGHT, WIDTH, 3] */
export const pixels = Uint8Array.from({ length: noise.length }, (_, index) => {
  const [y, x] = [Math.floor(index / 3 / WIDTH), Math.floor(index / 3) % WIDTH];
  const waves = [Math.sin(x / 7) + Math.cos(y / 5), Math.sin((x + y) / 9), Math.cos(x / 11)];
  return Math.floor(Math.min(Math.max(127 + 60 * waves[index % 3] + 40 * (noise[index] - 0.5), 0), 255));
});
/** Of the first channel. */
export const greyPixels = pixels.filter((_, index) => index % 3 === 0);

export interface CorruptionCase {
  /** As the fixture has it. */
  name: string;
  /** 0..255 */
  made: () => Promise<ArrayLike<number>> | ArrayLike<number>;
  /** How much may differ, in levels of 0..255: at most, and in the mean. */
  most: number;
  mean: number;
}

/** Makes the tests of these cases. */
export async function compareWithPython(what: string, cases: readonly CorruptionCase[]): Promise<void> {
  test(`${what} as Python gave it`, async (t) => {
    await compare(readFileSync(join(import.meta.dirname, '../fixtures/reference/corruptions.json'), 'utf8'), cases, (line) => t.diagnostic(line));
  });
  const python = await pythonReference();
  // Where there is no Python the fixture above stands for it.
  if (python === null) return;
  test(`${what} as Python gives it now`, async (t) => {
    await compare(await runPython(python, 'corruptions_fixture.py', []), cases, (line) => t.diagnostic(line));
  });
}

async function compare(text: string, cases: readonly CorruptionCase[], tell: (line: string) => void): Promise<void> {
  const fixture = JSON.parse(text) as { pixels: number[]; 'every seventh': Record<string, number[]> };
  assert.deepEqual([...pixels].filter((_, index) => index % 97 === 0), fixture.pixels);
  for (const { name, made, most, mean } of cases) {
    const ours = Array.from(await made()).filter((_, index) => index % 7 === 0);
    const expected = fixture['every seventh'][name];
    assert.equal(ours.length, expected.length);
    const differences = ours.map((value, index) => Math.abs(value - expected[index]));
    const average = differences.reduce((sum, each) => sum + each, 0) / differences.length;
    tell(`${name}: at most ${Math.max(...differences).toFixed(4)}, mean ${average.toFixed(4)}`);
    assert.ok(Math.max(...differences) <= most && average <= mean, `${name}: at most ${Math.max(...differences)}, mean ${average}`);
  }
}
