import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentOn, placeFor, roomOf, type Card } from '../../src/protocol/cards.ts';

const card = (uuid: string, memoryMiB: number | null = 80_000, takenMiB: number | null = 0): Card => ({ uuid, name: 'card', memoryMiB, takenMiB });
const [a, b] = [card('a'), card('b')];
const alone = { membersPerGpu: 1, peakMiB: null };

test('one trainer a card, on free cards first, in their order; then they wait', () => {
  assert.equal(placeFor([a, b], [], alone), a);
  assert.equal(placeFor([a, b], ['a'], alone), b);
  assert.equal(placeFor([a, b], ['b'], alone), a);
  assert.equal(placeFor([a, b], ['a', 'b'], alone), null);
  assert.equal(placeFor([], [], alone), null);
  assert.equal(placeFor([a], ['elsewhere'], alone), a);
});

test('without the wish to share nothing is shared, however small the members are', () => {
  assert.equal(placeFor([a], ['a'], { membersPerGpu: 1, peakMiB: 1 }), null);
});

test('several share a card only when they fit, which the first one shows', () => {
  assert.equal(placeFor([a], ['a'], { membersPerGpu: 4, peakMiB: null }), null, 'not measured yet');
  assert.equal(placeFor([a], ['a'], { membersPerGpu: 4, peakMiB: 30_000 }), a);
  assert.equal(placeFor([a], ['a', 'a'], { membersPerGpu: 4, peakMiB: 30_000 }), null, 'three would take 90 of 80 GB');
  assert.equal(placeFor([a], ['a', 'a', 'a', 'a'], { membersPerGpu: 4, peakMiB: 100 }), null, 'no more than wished');
  assert.equal(placeFor([a, b], ['a', 'a', 'b'], { membersPerGpu: 4, peakMiB: 100 }), b, 'the one with fewer');
});

test('what others take counts; a card that is full or does not tell takes one trainer still', () => {
  const sharing = { membersPerGpu: 8, peakMiB: 10_000 };
  assert.deepEqual([roomOf(a, sharing), roomOf(card('half', 80_000, 40_000), sharing), roomOf(card('full', 80_000, 79_000), sharing)], [7, 3, 1]);
  assert.deepEqual([roomOf(card('silent', null, null), sharing), roomOf(card('half told', 80_000, null), sharing)], [1, 7]);
  assert.equal(roomOf(a, { membersPerGpu: 8, peakMiB: 0 }), 1);
});

test('the environment names the card alone', () => {
  assert.deepEqual(environmentOn(a), { CUDA_VISIBLE_DEVICES: 'a' });
});
