import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostWeights } from '../../../src/core/basin/host-weights.ts';
import { gate } from '../../../src/core/soups/gate.ts';
import type { Curve, Line } from '../../../src/protocol/basin.ts';
import { DEFAULT_GATE } from '../../../src/protocol/soup.ts';

const POINTS: Record<string, number> = { a: 0, b: 1, c: 10, d: 2 };
const members = [['a', 0.9], ['b', 0.88], ['c', 0.89], ['d', 0.6]].map(([name, score]) => ({ name: String(name), score: Number(score) }));
const met: [number, number][] = [];
/** A barrier of a tenth of a nat for each unit of distance, and of a point of error. */
const line = (a: HostWeights, b: HostWeights): Promise<Line['sets']> => {
  met.push([a[0][0], b[0][0]]);
  const distance = Math.abs(a[0][0] - b[0][0]);
  const barriers = { lossBarrier: distance / 10, errorBarrier: distance / 100 };
  const curve: Curve = { loss: [], error: [], frankleLossBarrier: 0, frankleErrorBarrier: 0, ...barriers };
  return Promise.resolve({ validation: curve });
};
const settings = { threshold: DEFAULT_GATE, insist: false, weightsOf: (name: string) => Promise.resolve([Float32Array.of(POINTS[name])]), line };

test('the best comes first, each next one is met by the mean of those taken; who is outside or far worse stays out with a reason', async () => {
  met.length = 0;
  const told: string[] = [];
  const found = await gate(members, { ...settings, onLooked: (member) => told.push(member.name) });
  assert.deepEqual(told, ['a', 'c', 'b', 'd']);
  assert.deepEqual(found.map(({ name, verdict, taken }) => [name, verdict, taken]), [['a', null, true], ['c', 'outside', false], ['b', 'inside', true], ['d', 'border', false]]);
  assert.deepEqual(met, [[0, 10], [0, 1], [0.5, 2]]);
  assert.deepEqual([found[1].lossBarrier, found[1].errorBarrier], [1, 0.1]);
  assert.match(found[1].reason!, /^outside the basin of a: a barrier of 1\.000 nats and 10\.0 points of error, more than twice 0\.1 nats or 2\.0 points/);
  assert.match(found[3].reason!, /^30\.0 points below a on validation data, more than 10\.0 points/);
});

test('who insists takes all and is told all the same; another threshold is another verdict; no member is a mistake', async () => {
  const insisted = await gate(members, { ...settings, insist: true });
  assert.deepEqual(insisted.map(({ taken, reason }) => [taken, reason !== null]), [[true, false], [true, true], [true, true], [true, true]]);
  const wide = await gate(members, { ...settings, threshold: { error: 1, loss: 2, quality: 1 } });
  assert.deepEqual(wide.map(({ taken, reason }) => [taken, reason]), members.map(() => [true, null]));
  await assert.rejects(gate([], settings), { code: 'usage' });
});
