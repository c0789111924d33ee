/** Corruptions that Pillow, SciPy and colorsys define too: what these gave before, and give now where Python is there. */
import { canvasOf, type Canvas } from '../../../src/core/corruptions/canvas.ts';
import { gaussianBlur } from '../../../src/core/corruptions/filters.ts';
import { pixelate } from '../../../src/core/corruptions/pixelate.ts';
import { brightness, saturate } from '../../../src/core/corruptions/tones.ts';
import { compareWithPython, HEIGHT, pixels, WIDTH } from '../../reference/corruptions.ts';

const colour = canvasOf(pixels, [HEIGHT, WIDTH, 3]);
const levels = ({ data }: Canvas): Float32Array => data.map((value) => 255 * Math.min(Math.max(value, 0), 1));

await compareWithPython('a corruption', [
  { name: 'pixelate 0.6', made: () => levels(pixelate(colour, [0.6])), most: 1.01, mean: 0.5 },
  { name: 'pixelate 0.25', made: () => levels(pixelate(colour, [0.25])), most: 1.01, mean: 0.5 },
  { name: 'blur 0.6', made: () => levels(gaussianBlur(colour, 0.6)), most: 2e-3, mean: 1e-3 },
  { name: 'blur 3', made: () => levels(gaussianBlur(colour, 3)), most: 2e-3, mean: 1e-3 },
  { name: 'brightness 0.2', made: () => levels(brightness(colour, [0.2])), most: 2e-3, mean: 1e-3 },
  { name: 'saturate 5 0.1', made: () => levels(saturate(colour, [5, 0.1])), most: 2e-3, mean: 1e-3 },
]);
