/** What is drawn for an image: distributions, and that each is a function of (seed, epoch, image) alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf, colorKey } from '../../src/core/augment/color-jitter.ts';
import { erase, erasedOf, erasingKey } from '../../src/core/augment/erasing.ts';
import { applyOperation, operationsKey, operationsOf, type Operation } from '../../src/core/augment/rand-augment.ts';
import { resizedCropKey, resizedCropOf } from '../../src/core/augment/resized-crop.ts';

const IMAGES = Array.from({ length: 4000 }, (_, image) => image);
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const near = (value: number, expected: number, tolerance: number, what = ''): void => assert.ok(Math.abs(value - expected) <= tolerance, `${what} ${value}, expected ${expected} to within ${tolerance}`);

test('resized crops: area uniform in scale, logarithm of the ratio uniform, every place, whole pixels inside', () => {
  const settings = { scale: [0.2, 0.8] as [number, number], ratio: [0.5, 2] as [number, number] };
  const [height, width] = [200, 200];
  const boxes = IMAGES.map((image) => resizedCropOf(settings, resizedCropKey(1, 0), image, height, width));
  const areas = boxes.map((box) => (box.height * box.width) / (height * width));
  assert.ok(areas.every((area) => area > 0.195 && area < 0.805));
  // Wide or high parts of a large area do not fit and are drawn again, so large ones are a little rarer.
  near(mean(areas), 0.46, 0.03, 'area');
  const small = { ...settings, scale: [0.1, 0.4] as [number, number] };
  near(mean(IMAGES.map((image) => resizedCropOf(small, resizedCropKey(1, 0), image, height, width)).map((box) => (box.height * box.width) / (height * width))), 0.25, 0.006, 'area of parts that always fit');
  near(mean(boxes.map((box) => Math.log(box.width / box.height))), 0, 0.03, 'ratio');
  for (const box of boxes) {
    assert.ok([box.top, box.left, box.height, box.width].every(Number.isInteger));
    assert.ok(box.top >= 0 && box.left >= 0 && box.top + box.height <= height && box.left + box.width <= width);
  }
  near(mean(boxes.map((box) => box.top / Math.max(1, height - box.height))), 0.5, 0.03, 'place');
  assert.deepEqual(resizedCropOf(settings, resizedCropKey(1, 0), 7, height, width), boxes[7]);
  for (const key of [resizedCropKey(2, 0), resizedCropKey(1, 1)]) assert.notDeepEqual(resizedCropOf(settings, key, 7, height, width), boxes[7]);
});

test('a resized crop that never fits is the middle of the image in the nearest allowed ratio', () => {
  const settings = { scale: [1, 1] as [number, number], ratio: [1, 1] as [number, number] };
  assert.deepEqual(resizedCropOf(settings, resizedCropKey(1, 0), 3, 100, 400), { top: 0, left: 150, height: 100, width: 100 });
});

test('colour jitter: factors uniform in [max(0, 1 - x), 1 + x], every order, what is 0 left out', () => {
  const jitter = { brightness: 0.4, contrast: 1.5, saturation: 0, hue: 0.1 };
  const key = colorKey(3, 1);
  const all = IMAGES.map((image) => changesOf(jitter, key, image));
  const amounts = (change: string) => all.map((changes) => changes.find((each) => each.change === change)!.amount);
  assert.equal(all[0].length, 3);
  near(mean(amounts('brightness')), 1, 0.01, 'brightness');
  near(Math.min(...amounts('brightness')), 0.6, 0.002);
  near(Math.max(...amounts('brightness')), 1.4, 0.002);
  near(mean(amounts('contrast')), 1.25, 0.03, 'contrast');
  near(Math.min(...amounts('contrast')), 0, 0.005);
  near(mean(amounts('hue')), 0, 0.003, 'hue');
  near(Math.max(...amounts('hue')), 0.1, 0.001);
  const orders = new Map<string, number>();
  for (const changes of all) {
    const order = changes.map(({ change }) => change).join();
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.equal(orders.size, 6);
  for (const [order, count] of orders) near(count / IMAGES.length, 1 / 6, 0.025, order);
  const four = new Set(IMAGES.slice(0, 1000).map((image) => changesOf({ ...jitter, saturation: 1 }, key, image).map(({ change }) => change).join()));
  assert.equal(four.size, 24);
  assert.deepEqual(changesOf(jitter, colorKey(3, 1), 9), all[9]);
  assert.notDeepEqual(changesOf(jitter, colorKey(3, 2), 9), all[9]);
});

test('RandAugment draws each of its 14 operations evenly, with either sign, independently for each place', () => {
  const settings = { operations: 2, magnitude: 9 };
  const all = IMAGES.map((image) => operationsOf(settings, operationsKey(1, 0), image));
  const counts = new Map<string, number>();
  for (const { operation } of all.flat()) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  assert.equal(counts.size, 14);
  for (const [operation, count] of counts) near(count / (2 * IMAGES.length), 1 / 14, 0.01, operation);
  near(mean(all.flat().map(({ strength }) => strength)), 0, 0.03, 'sign');
  assert.ok(all.flat().every(({ strength }) => Math.abs(strength) === 0.9));
  near(all.filter(([first, second]) => first.operation === second.operation).length / IMAGES.length, 1 / 14, 0.02, 'twice the same');
});

test('RandAugment at its documented strengths, by hand', () => {
  const row = (...data: number[]) => ({ data: Uint8Array.from(data), height: 1, width: data.length, channels: 1 });
  const after = (operation: Operation, strength: number, image = row(10, 100, 200, 250)) => {
    applyOperation(image, operation, strength);
    return [...image.data];
  };
  assert.deepEqual(after('identity', 1), [10, 100, 200, 250]);
  assert.deepEqual(after('solarize', 0.5), [10, 100, 55, 5]); // from 127.5 up
  assert.deepEqual(after('posterize', -1), [0, 96, 192, 240]); // 4 bits
  assert.deepEqual(after('brightness', 1), [19, 190, 255, 255]);
  assert.deepEqual(after('brightness', -1), [1, 10, 20, 25]);
  assert.deepEqual(after('color', 1), [10, 100, 200, 250]); // grey
  assert.deepEqual(after('translateX', 1), [0, 10, 100, 200]); // 1.8 pixels, cut to 1
  assert.deepEqual(after('autocontrast', 0), [0, 95, 201, 255]);
  assert.deepEqual(after('rotate', 1, row(7)), [7]);
});

test('erasing: as often as asked, share of the area uniform, black or mean; never the whole image', () => {
  const settings = { probability: 0.25, area: [0.05, 0.3] as [number, number] };
  const boxes = IMAGES.map((image) => erasedOf(settings, erasingKey(4, 2), image, 64, 64));
  const covered = boxes.filter((box) => box !== null);
  near(covered.length / IMAGES.length, 0.25, 0.025, 'share of images');
  near(mean(covered.map((box) => (box.height * box.width) / 64 ** 2)), 0.172, 0.01, 'area');
  for (const box of covered) assert.ok(box.top + box.height <= 64 && box.left + box.width <= 64 && box.height < 64);
  assert.deepEqual(erasedOf(settings, erasingKey(4, 2), 5, 64, 64), boxes[5]);
  assert.equal(erasedOf({ ...settings, probability: 0 }, erasingKey(4, 2), 5, 64, 64), null);
  const image = { data: new Uint8Array(18).fill(1), height: 2, width: 3, channels: 3 };
  erase(image, { top: 1, left: 1, height: 1, width: 2 }, [7, 8, 9]);
  assert.deepEqual([...image.data], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 7, 8, 9, 7, 8, 9]);
});
