/**
 * Against Pillow: every operation on the pixels of an image that Pillow has too. Where there is no Python, against what Pillow gave
 * when the fixture was written (`WRITE_FIXTURES=1` writes it again).
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { rotate, shearX, shearY, translate } from '../../src/core/augment/affine.ts';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, adjustSharpness } from '../../src/core/augment/color.ts';
import type { Image } from '../../src/core/augment/image.ts';
import { resize } from '../../src/core/augment/resize.ts';
import { autocontrast, equalize, posterize, solarize } from '../../src/core/augment/tones.ts';
import { normal, randomKey } from '../../src/core/random.ts';
import { pythonReference, runPython } from '../reference/python.ts';

type Request = [name: string, ...args: number[]];

/** Smooth colours under noise, as a photograph has them: all values and hues occur, none of the tables is trivial. */
function picture(channels: 1 | 3): Image {
  const [height, width] = [19, 23];
  const key = randomKey(5, 'task');
  const data = Uint8Array.from({ length: height * width * channels }, (_, index) => {
    const [pixel, channel] = [Math.floor(index / channels), index % channels];
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    return Math.min(250, Math.max(12, 128 + 90 * Math.sin(row / (5 + 2 * channel) + channel) * Math.cos(column / (9 - channel)) + 12 * normal(key, index)));
  });
  return { data, height, width, channels };
}

async function byPillow(name: string, { data, ...shape }: Image, operations: Request[]): Promise<Uint8Array[]> {
  const fixture = new URL(`../fixtures/pillow-${name}.json`, import.meta.url);
  const python = await pythonReference();
  if (python === null) console.log(`no Python: compared with ${fixture.pathname}`);
  const json = python === null ? readFileSync(fixture, 'utf8') : await runPython(python, 'pillow_operations.py', [JSON.stringify({ ...shape, pixels: Buffer.from(data).toString('base64'), operations })]);
  if (process.env.WRITE_FIXTURES) writeFileSync(fixture, json);
  return (JSON.parse(json) as string[]).map((pixels) => Buffer.from(pixels, 'base64'));
}

/** The largest difference of a pixel, and the share of pixels that differ by more than one grey level. */
function difference(ours: Uint8Array, theirs: Uint8Array): { worst: number; share: number } {
  assert.equal(ours.length, theirs.length);
  const differences = Array.from(ours, (value, index) => Math.abs(value - theirs[index]));
  return { worst: Math.max(...differences), share: differences.filter((value) => value > 1).length / ours.length };
}

function changed(image: Image, change: (copy: Image) => void): Uint8Array {
  const copy = { ...image, data: image.data.slice() };
  change(copy);
  return copy.data;
}

const TABLES: [Request, (image: Image) => void][] = [
  ...[0, 0.3, 1, 1.7].map((factor): [Request, (image: Image) => void] => [['brightness', factor], (image) => adjustBrightness(image, factor)]),
  ...[0, 0.3, 1, 1.7].map((factor): [Request, (image: Image) => void] => [['contrast', factor], (image) => adjustContrast(image, factor)]),
  ...[0, 0.3, 1, 1.7].map((factor): [Request, (image: Image) => void] => [['sharpness', factor], (image) => adjustSharpness(image, factor)]),
  [['autocontrast'], autocontrast],
  [['equalize'], equalize],
  ...[1, 4, 8].map((bits): [Request, (image: Image) => void] => [['posterize', bits], (image) => posterize(image, bits)]),
  ...[0, 100, 256].map((threshold): [Request, (image: Image) => void] => [['solarize', threshold], (image) => solarize(image, threshold)]),
];
const COLOURS: [Request, (image: Image) => void][] = [
  ...[0, 0.3, 1, 1.7].map((factor): [Request, (image: Image) => void] => [['saturation', factor], (image) => adjustSaturation(image, factor)]),
  ...[-0.5, -0.1, 0.05, 0.4].map((turn): [Request, (image: Image) => void] => [['hue', turn], (image) => adjustHue(image, turn)]),
];

for (const [channels, cases] of [[3, [...TABLES, ...COLOURS]], [1, TABLES]] as const) {
  test(`colours and tones of images of ${channels} channels are Pillow's to within one grey level`, async () => {
    const image = picture(channels);
    const theirs = await byPillow(`colours-${channels}`, image, cases.map(([request]) => request));
    for (const [index, [request, change]] of cases.entries()) {
      const ours = changed(image, change);
      const { worst } = difference(ours, theirs[index]);
      assert.ok(worst <= 1, `${request.join(' ')}: ${worst} grey levels`);
      if (['autocontrast', 'equalize', 'posterize', 'solarize'].includes(request[0])) assert.equal(worst, 0, request.join(' '));
    }
  });
}

test('images are rotated, sheared and shifted as by Pillow', async () => {
  const image = picture(3);
  const cases: [Request, (image: Image) => void][] = [
    ...[-30, 13, 90].map((degrees): [Request, (image: Image) => void] => [['rotate', degrees], (copy) => rotate(copy, degrees)]),
    [['shearX', 0.3], (copy) => shearX(copy, 0.3)],
    [['shearX', -0.21], (copy) => shearX(copy, -0.21)],
    [['shearY', 0.27], (copy) => shearY(copy, 0.27)],
    [['translate', 7, 0], (copy) => translate(copy, 7, 0)],
    [['translate', -5, 11], (copy) => translate(copy, -5, 11)],
  ];
  const theirs = await byPillow('moves', image, cases.map(([request]) => request));
  for (const [index, [request, change]] of cases.entries()) {
    const { share } = difference(changed(image, change), theirs[index]);
    // Pillow has positions in 16-bit fixed point: at the border between two pixels it may take the other one.
    assert.ok(share <= (request[0] === 'translate' ? 0 : 0.005), `${request.join(' ')}: ${share}`);
  }
});

test('parts of images are resized as by Pillow, smaller with antialias, larger, and in one direction each', async () => {
  for (const channels of [3, 1] as const) {
    const image = picture(channels);
    const boxes: number[][] = [[0, 0, 23, 19, 7, 8], [10, 5, 9, 14, 20, 20], [3, 0, 20, 10, 9, 17], [7, 9, 1, 1, 4, 4], [0, 0, 23, 19, 23, 19]];
    const theirs = await byPillow(`resize-${channels}`, image, boxes.map((numbers): Request => ['resize', ...numbers]));
    for (const [index, [left, top, width, height, toWidth, toHeight]] of boxes.entries()) {
      const target = { data: new Uint8Array(toWidth * toHeight * channels), height: toHeight, width: toWidth, channels };
      resize(image, { left, top, width, height }, target);
      const { worst } = difference(target.data, theirs[index]);
      assert.ok(worst <= 1, `${boxes[index].join(' ')}: ${worst} grey levels`);
    }
  }
});
