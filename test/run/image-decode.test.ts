/** Decoded images against what Pillow reads in the same files (test/fixtures/images/make.py) and against pixels known by hand. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import type { PlanImage } from '../../src/protocol/plan-data.ts';
import { imageDecoder, startSharp } from '../../src/run/trainer/data/decode-image.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = path.resolve(import.meta.dirname, '../fixtures/images');
interface Expected {
  width: number;
  height: number;
  pixels: string;
}
const { images: expected } = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as { images: Record<string, Expected> };

const as = (size: number, rest: Partial<PlanImage> = {}): PlanImage => ({ size, stored: null, channels: 3, fit: 'cover', ...rest });
const at = (name: string): string => path.join(folder, name);
const differences = (pixels: Uint8Array, hex: string): number[] => {
  const wanted = Buffer.from(hex, 'hex');
  assert.equal(pixels.length, wanted.length);
  return Array.from(pixels, (pixel, index) => Math.abs(pixel - wanted[index]));
};

test('every format, with palettes, grey, one bit, alpha over white, first frames and all EXIF orientations, is what Pillow reads', async () => {
  const decode = await imageDecoder(as(8));
  const names = Object.keys(expected).filter((name) => !name.includes(' ') && expected[name].width === 8);
  assert.equal(names.length, 28);
  for (const name of names) {
    const { pixels, width, height } = await decode(at(name));
    assert.deepEqual([width, height], [8, 8], name);
    // One level: transparency is rounded in other places.
    assert.ok(Math.max(...differences(pixels, expected[name].pixels)) <= (name.includes('alpha') ? 1 : 0), name);
  }
});

test('of 16 bits the upper eight count', async () => {
  const decode = await imageDecoder(as(8, { channels: 1 }));
  for (const name of ['grey16.png', 'grey16.tif']) {
    const { pixels } = await decode(at(name));
    assert.deepEqual([...pixels.subarray(0, 8)], [0, 0, 1, 1, 1, 128, 255, 254], name);
  }
});

test('CMYK becomes colours: cyan, magenta, yellow and black ink', async () => {
  const decode = await imageDecoder(as(16));
  for (const name of ['cmyk.jpg', 'cmyk.tif']) {
    const { pixels } = await decode(at(name));
    const corner = (x: number, y: number): number[] => [...pixels.subarray(3 * (16 * y + x), 3 * (16 * y + x) + 3)];
    const [cyan, magenta, yellow, black] = [corner(2, 2), corner(13, 2), corner(2, 13), corner(13, 13)];
    assert.ok(cyan[0] < 80 && cyan[1] > 120 && cyan[2] > 180, `${name}: cyan ${cyan.join()}`);
    assert.ok(magenta[0] > 180 && magenta[1] < 80 && magenta[2] > 80, `${name}: magenta ${magenta.join()}`);
    assert.ok(yellow[0] > 200 && yellow[1] > 190 && yellow[2] < 80, `${name}: yellow ${yellow.join()}`);
    assert.ok(Math.max(...black) < 70, `${name}: black ${black.join()}`);
  }
});

test('grey of colour is the weighted sum that Pillow takes, and grey files stay as they are', async () => {
  const decode = await imageDecoder(as(8, { channels: 1 }));
  assert.equal(Math.max(...differences((await decode(at('rgb.png'))).pixels, expected['rgb.png as grey'].pixels)), 0);
  const { pixels } = await decode(at('grey.png'));
  assert.deepEqual([...pixels], [...Buffer.from(expected['grey.png'].pixels, 'hex')].filter((_, index) => index % 3 === 0));
});

test('an image is turned before it is measured and scaled', async () => {
  const { width, height, pixels } = await (await imageDecoder(as(20)))(at('turned.jpg'));
  assert.deepEqual([width, height, pixels.length], [60, 80, 1200]);
});

test('stretched, cropped to the middle or with black bars, scaling is close to the bicubic of Pillow', async () => {
  const scaled = async (fit: PlanImage['fit'], side: number, [from, to]: [number, number]): Promise<number[]> => {
    const { pixels } = await (await imageDecoder(as(side, { fit })))(at('smooth.png'));
    return differences(pixels.subarray(3 * side * from, 3 * side * to), expected[`smooth.png ${fit}`].pixels);
  };
  for (const found of [await scaled('stretch', 20, [0, 20]), await scaled('cover', 30, [0, 30]), await scaled('contain', 20, [2, 17])]) {
    assert.ok(Math.max(...found) <= 2, `${Math.max(...found)}`);
    assert.ok(found.reduce((a, b) => a + b, 0) / found.length < 0.5);
  }
  const { pixels } = await (await imageDecoder(as(20, { fit: 'contain' })))(at('smooth.png'));
  assert.ok([...pixels.subarray(0, 120), ...pixels.subarray(60 * 18)].every((value) => value === 0));
});

test('`stored` is what is decoded, `size` what the network sees', async () => {
  assert.equal((await (await imageDecoder(as(20, { stored: 32, channels: 1 })))(at('smooth.png'))).pixels.length, 32 * 32);
});

test('BMP files with 4 and 16 bits, from the top down, and of the oldest kind', async (t) => {
  const temporary = temporaryFolder(t);
  const decode = await imageDecoder(as(2));
  const bmp = (header: number[], rest: number[]): string => {
    const file = path.join(temporary, `${header.length}-${rest.length}.bmp`);
    const start = Buffer.from([0x42, 0x4d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    start.writeUInt32LE(14 + header.length + rest.length - 8, 10); // the last 8 bytes are two rows
    writeFileSync(file, Buffer.from([...start, ...header, ...rest]));
    return file;
  };
  const info = (height: number, bits: number, compression: number, colours: number): number[] => {
    const header = Buffer.alloc(40);
    [40, 2, height].forEach((value, index) => header.writeInt32LE(value, 4 * index));
    [1, bits].forEach((value, index) => header.writeUInt16LE(value, 12 + 2 * index));
    header.writeUInt32LE(compression, 16);
    header.writeUInt32LE(colours, 32);
    return [...header];
  };
  const four = bmp(info(2, 4, 0, 2), [1, 2, 3, 0, 11, 12, 13, 0, 0x01, 0, 0, 0, 0x10, 0, 0, 0]);
  assert.deepEqual([...(await decode(four)).pixels], [13, 12, 11, 3, 2, 1, 3, 2, 1, 13, 12, 11]);
  const masks = [0, 0xf8, 0, 0, 0xe0, 7, 0, 0, 0x1f, 0, 0, 0]; // 5, 6 and 5 bits
  const sixteen = bmp(info(-2, 16, 3, 0), [...masks, 0, 0xf8, 0xe0, 7, 0x1f, 0, 0xff, 0xff]);
  assert.deepEqual([...(await decode(sixteen)).pixels], [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
  const oldest = bmp([12, 0, 0, 0, 2, 0, 2, 0, 1, 0, 1, 0], [0, 0, 0, 255, 255, 255, 0x40, 0, 0, 0, 0x80, 0, 0, 0]);
  assert.deepEqual([...(await decode(oldest)).pixels], [255, 255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 255]);
});

test('files that are torn, too large or of other kinds are refused, each with its reason', async (t) => {
  const temporary = temporaryFolder(t);
  const write = (name: string, content: string | Buffer): string => {
    writeFileSync(path.join(temporary, name), content);
    return path.join(temporary, name);
  };
  const decode = await imageDecoder(as(8));
  const noise = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).png().toBuffer();
  const half = (content: Buffer): Buffer => content.subarray(0, content.length >> 1);
  await assert.rejects(decode(write('torn.png', half(noise))), /.+/);
  await assert.rejects(decode(write('torn.jpg', half(await sharp(noise).jpeg().toBuffer()))), /.+/);
  await assert.rejects(decode(write('torn.webp', half(await sharp(noise).webp().toBuffer()))), /.+/);
  await assert.rejects(decode(write('torn.tif', half(await sharp(noise).tiff().toBuffer()))), /.+/);
  await assert.rejects(decode(write('torn.bmp', half(readFileSync(at('rgb.bmp'))))), /premature end/);
  await assert.rejects(decode(write('empty.png', '')), /.+/);
  await assert.rejects(decode(write('text.png', 'no picture')), /unsupported image format/);
  await assert.rejects(decode(write('drawing.png', '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>')), /unsupported image format/);
  const claims = Buffer.from(readFileSync(at('rgb.png')));
  claims.writeUInt32BE(60_000, 16);
  claims.writeUInt32BE(60_000, 20);
  await assert.rejects(decode(write('bomb.png', claims)), /.+/);
  const bomb = Buffer.from(readFileSync(at('rgb.bmp')));
  bomb.writeInt32LE(2 ** 31 - 1, 18);
  bomb.writeInt32LE(-(2 ** 31), 22);
  await assert.rejects(decode(write('bomb.bmp', bomb)), /2147483647 x 2147483648 pixels/);
});

test('a real bomb, small on the disk and large when unpacked, is refused', async (t) => {
  const file = path.join(temporaryFolder(t), 'bomb.png');
  const module = await startSharp();
  await module(Buffer.from([0]), { raw: { width: 1, height: 1, channels: 1 } }).resize(11_000, 11_000, { kernel: 'nearest' }).png({ compressionLevel: 9 }).toFile(file);
  assert.ok(readFileSync(file).length < 500_000);
  await assert.rejects((await imageDecoder(as(8)))(file), /pixel limit/);
});

test('every fixture is used', () => {
  const used = new Set([...Object.keys(expected), 'grey16.png', 'grey16.tif', 'cmyk.jpg', 'cmyk.tif', 'make.py', 'expected.json']);
  assert.deepEqual(readdirSync(folder).filter((name) => !used.has(name)), []);
});
