import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../cpu-backend.ts';
import { hostWeights, toTensors, type HostWeights } from '../../../src/core/basin/host-weights.ts';
import { figuresOf, Trajectory, trajectoryEvery, type FirstWeights, type Landmarks } from '../../../src/core/basin/trajectory.ts';
import { builtinNetwork } from '../../../src/core/builtin.ts';
import { initialWeights } from '../../../src/core/initialise.ts';
import { parametersOf } from '../../../src/core/network.ts';
import { disposeTensors } from '../../../src/core/weights.ts';

const network = builtinNetwork('resnet-8', [4, 4, 1], 3);
const start = hostWeights(network, initialWeights(network, 1));

/** The start with some numbers moved, each by so much. */
function moved(steps: Record<string, number[]>): HostWeights {
  return parametersOf(network).map(({ name }, part) => start[part].map((value, index) => value + (steps[name]?.[index] ?? 0)));
}

const landmarks: Landmarks = { start, pretrained: { weights: start, hasHead: false }, member1: moved({ 'fc.bias': [0, 4] }) };

test('distances and the cosine to the first displacement, by hand', () => {
  const first = moved({ 'conv1.weight': [0.25] });
  const now = moved({ 'conv1.weight': [0.75, 1], 'fc.bias': [0, 2], 'bn1.running_mean': [7] });
  const figures = figuresOf(network, now, landmarks, first);
  const close = (value: number | undefined, wanted: number) => assert.ok(Math.abs(value! - wanted) < 1e-6 * wanted, `${value} ${wanted}`);
  close(figures.distanceToStart, Math.hypot(0.75, 1, 2));
  close(figures.distanceToPretrained, 1.25); // without the head
  close(figures.distanceToMember1, Math.hypot(0.75, 1, 2));
  close(figures.cosineToFirst, 0.75 / Math.hypot(0.75, 1, 2));
  close(figuresOf(network, now, { ...landmarks, pretrained: { weights: start, hasHead: true } }, first).distanceToPretrained, Math.hypot(0.75, 1, 2));
  assert.deepEqual(Object.keys(figuresOf(network, now, { start, pretrained: null, member1: null }, null)), ['distanceToStart']);
  // At the start there is no direction yet.
  assert.deepEqual(figuresOf(network, start, landmarks, start), { distanceToStart: 0, distanceToPretrained: 0, distanceToMember1: 4 });
});

test('the first and the last epoch are looked at and every k-th, and a training that was stopped knows its first step', async () => {
  const kept: HostWeights[] = [];
  const store: FirstWeights = { read: () => Promise.resolve(kept[0] ?? null), write: (weights) => Promise.resolve(void kept.splice(0, 1, weights)) };
  let opened = 0;
  const trajectory = (): Trajectory => new Trajectory(network, 3, () => ((opened += 1), Promise.resolve(landmarks)), store);
  let asked = 0;
  const at = async (way: Trajectory, epoch: number, steps: Record<string, number[]>) => {
    const weights = toTensors(network, moved(steps));
    const figures = await way.at(epoch, epoch === 7, () => ((asked += 1), weights));
    disposeTensors(weights);
    return figures;
  };
  const one = trajectory();
  assert.equal((await at(one, 0, { 'fc.bias': [1] })).cosineToFirst, 1);
  assert.deepEqual(await at(one, 1, {}), {});
  const third = await at(one, 2, { 'fc.bias': [1, 1] });
  assert.ok(Math.abs(third.cosineToFirst! - Math.SQRT1_2) < 1e-6);
  assert.deepEqual([asked, opened], [2, 1]);
  const again = trajectory();
  assert.deepEqual(await at(again, 2, { 'fc.bias': [1, 1] }), third);
  assert.ok((await at(again, 7, {})).distanceToStart === 0);
});

test('large networks with short epochs are looked at less often', () => {
  assert.equal(trajectoryEvery(builtinNetwork('mlp', [8, 8, 1], 3), 10), 1);
  const large = builtinNetwork('resnet-18', [32, 32, 3], 10);
  assert.equal(trajectoryEvery(large, 5000), 1);
  assert.ok(trajectoryEvery(large, 100) > 1);
});
