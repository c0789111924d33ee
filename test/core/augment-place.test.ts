import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cropInto } from '../../src/core/augment/crop.ts';
import { placementKey, placementOf } from '../../src/core/augment/place.ts';

test('shifts fill with black, mirroring comes after the shift, by hand', () => {
  const laid = (placement: { top: number; left: number; mirrored: boolean }) => {
    const target = new Uint8Array(6).fill(9);
    cropInto(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 3, 1], target, [2, 3], placement);
    return [...target];
  };
  assert.deepEqual(laid({ top: 0, left: 0, mirrored: false }), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(laid({ top: 1, left: -1, mirrored: false }), [0, 4, 5, 0, 0, 0]);
  assert.deepEqual(laid({ top: 0, left: 0, mirrored: true }), [3, 2, 1, 6, 5, 4]);
  assert.deepEqual(laid({ top: 1, left: -1, mirrored: true }), [5, 4, 0, 0, 0, 0]);
});

test('a placement is a function of seed, epoch and image, and uses every shift and both mirrors', () => {
  const augmentation = { cropPadding: 2, flip: true };
  const of = (seed: number, epoch: number) => Array.from({ length: 500 }, (_, image) => placementOf(augmentation, placementKey(seed, epoch), image));
  assert.deepEqual(of(1, 0), of(1, 0));
  assert.notDeepEqual(of(1, 0), of(2, 0));
  assert.notDeepEqual(of(1, 0), of(1, 1));
  const shifts = new Set(of(1, 0).map(({ top, left }) => `${top},${left}`));
  assert.equal(shifts.size, 25);
  const mirrored = of(1, 0).filter((placement) => placement.mirrored).length;
  assert.ok(mirrored > 200 && mirrored < 300, `${mirrored}`);
  assert.deepEqual(placementOf({ cropPadding: 0, flip: false }, placementKey(1, 0), 3), { top: 0, left: 0, mirrored: false });
});

test('placements of runs made before are the same for ever', () => {
  const key = placementKey(7, 3);
  const of = (image: number) => {
    const { top, left, mirrored } = placementOf({ cropPadding: 4, flip: true }, key, image);
    return [top, left, mirrored ? 1 : 0];
  };
  assert.deepEqual([0, 1, 2, 41].map(of), [[3, 1, 1], [2, 4, 0], [2, 3, 1], [-4, -3, 1]]);
});

test('of images stored larger, every part can be seen, also of the padded image', () => {
  const tops = (cropPadding: number) => {
    const key = placementKey(1, 0);
    return new Set(Array.from({ length: 400 }, (_, image) => placementOf({ cropPadding, flip: false }, key, image, [3, 0]).top));
  };
  assert.deepEqual([...tops(0)].sort(), [0, 1, 2, 3]);
  assert.deepEqual([...tops(1)].sort((a, b) => a - b), [-1, 0, 1, 2, 3, 4]);
  const key = placementKey(1, 0);
  assert.ok(Array.from({ length: 50 }, (_, image) => placementOf({ cropPadding: 0, flip: false }, key, image, [3, 0]).left).every((left) => left === 0));
});
