/** JPEG compression of images, by the decoder and encoder that the trainer has anyway. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compressed, throughJpeg } from '../../src/run/trainer/robustness/jpeg.ts';
import { compareWithPython, greyPixels, HEIGHT, pixels, WIDTH } from '../reference/corruptions.ts';

// libjpeg on both sides: not a level of difference.
await compareWithPython('JPEG', [
  { name: 'jpeg 25', made: () => throughJpeg(pixels, [HEIGHT, WIDTH, 3], 25), most: 0, mean: 0 },
  { name: 'jpeg 80', made: () => throughJpeg(pixels, [HEIGHT, WIDTH, 3], 80), most: 0, mean: 0 },
  { name: 'jpeg grey 10', made: () => throughJpeg(greyPixels, [HEIGHT, WIDTH, 1], 10), most: 0, mean: 0 },
]);

test('the qualities are those of the paper, by the shorter side; the same bytes each time, of any size', async () => {
  for (const [shape, severity, quality] of [[[HEIGHT, WIDTH, 3], 3, 55], [[32, 32, 3], 5, 40], [[7, 9, 1], 1, 80]] as const) {
    const image = pixels.slice(0, shape[0] * shape[1] * shape[2]);
    const made = await compressed(image, shape, severity);
    assert.deepEqual(made, await throughJpeg(image, shape, quality));
    assert.deepEqual(made, await compressed(image, shape, severity));
    assert.ok(made.length === image.length && made.some((byte, index) => byte !== image[index]));
  }
});
