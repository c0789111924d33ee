import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardMemoryOf, firstOf, nvidiaCards } from '../../src/backends/cards.ts';
import { cardLine, fakeNvidiaSmi, UUIDS } from './fake-nvidia-smi.ts';

const [first, second] = UUIDS;
const uuidsOf = async (visible?: string) => (await nvidiaCards(visible)).map(({ uuid }) => uuid);

test('one card, two cards, a full card: uuid, name and memory as the driver tells them', async (t) => {
  fakeNvidiaSmi(t, { cards: [cardLine(0, first), cardLine(1, second, { name: 'NVIDIA GeForce RTX 4090', total: '24564', used: '24500' })] });
  assert.deepEqual(await nvidiaCards(undefined), [
    { uuid: first, name: 'NVIDIA H100 80GB HBM3', memoryMiB: 81559, takenMiB: 4 },
    { uuid: second, name: 'NVIDIA GeForce RTX 4090', memoryMiB: 24564, takenMiB: 24500 },
  ]);
  fakeNvidiaSmi(t, { cards: [cardLine(0, first, { total: '[N/A]', used: '[N/A]' })] });
  assert.deepEqual(await nvidiaCards(undefined), [{ uuid: first, name: 'NVIDIA H100 80GB HBM3', memoryMiB: null, takenMiB: null }]);
});

test('CUDA_VISIBLE_DEVICES chooses and orders, by number or uuid, and ends at what is unknown, as CUDA does', async (t) => {
  fakeNvidiaSmi(t, { cards: [cardLine(0, first), cardLine(1, second)] });
  assert.deepEqual(await uuidsOf('1,0'), [second, first]);
  assert.deepEqual(await uuidsOf(` ${second} `), [second]);
  assert.deepEqual(await uuidsOf('GPU-2222'), [second]);
  assert.deepEqual(await uuidsOf('1,7,0'), [second]);
  for (const none of ['', '-1', 'NoDevFiles', 'G']) assert.deepEqual(await uuidsOf(none), [], none);
  assert.deepEqual([firstOf(undefined), firstOf('3,1'), firstOf(first), firstOf(''), firstOf('-1')], ['0', '3', first, '', '-1']);
});

test('a driver that fails, is missing or says something hostile has no cards', async (t) => {
  fakeNvidiaSmi(t, { cards: [cardLine(0, first)], exitCode: 9 });
  assert.deepEqual(await nvidiaCards(undefined), []);
  assert.equal(await cardMemoryOf(process.pid), null);
  fakeNvidiaSmi(t, {
    cards: [
      'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.', `0, ${first}; rm -rf /, name, 1, 1`, '0, GPU-1\\nLD_PRELOAD=x, name, 1, 1',
      cardLine(0, '0'), cardLine(0, first, { name: '<script>' }), cardLine(0, first, { total: '-5' }), cardLine(0, first, { total: '9'.repeat(40) }), cardLine(1, second),
    ],
    processes: [`${process.pid}, ${first}, [N/A]`, 'x, y, z'],
  });
  assert.deepEqual(await uuidsOf(), [second]);
  assert.equal(await cardMemoryOf(process.pid), null);
  process.env.PATH = '/nowhere';
  assert.deepEqual(await nvidiaCards(undefined), []);
});

test('what a process has on its cards is the sum of its lines', async (t) => {
  fakeNvidiaSmi(t, { processes: [`1, ${first}, 999`, `${process.pid}, ${first}, 1500`, `${process.pid}, ${second}, 20`] });
  assert.equal(await cardMemoryOf(process.pid), 1520);
  assert.equal(await cardMemoryOf(2 ** 22 + 7), null);
});
