import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '../../src/protocol/run.ts';
import { layout, type Picture } from '../../webview-ui/dashboard/star-layout.ts';
import { member } from './run-fixture.ts';

const starsse = (count: number): Member[] => Array.from({ length: count }, (_, index) => member(index + 1));
const localDe = (count: number): Member[] => starsse(count).map((spec) => ({ ...spec, startsFrom: 'pretrained' }));
const chain = (count: number): Member[] => starsse(count).map((spec, index) => ({ ...spec, startsFrom: index === 0 ? 'pretrained' : `member-${index}` }));

const place = (picture: Picture, name: string) => picture.nodes.find((node) => node.name === name)!;
const distance = (picture: Picture, a: string, b: string): number => Math.hypot(place(picture, a).x - place(picture, b).x, place(picture, a).y - place(picture, b).y);

test('StarSSE: every ray is as long as the others, member 1 in the middle, the pre-trained weights to its left', () => {
  const picture = layout(starsse(5));
  const rays = ['pretrained', 'member-2', 'member-3', 'member-4', 'member-5'].map((name) => distance(picture, 'member-1', name));
  for (const ray of rays) assert.ok(Math.abs(ray - rays[0]) < 1e-9);
  assert.ok(place(picture, 'pretrained').x < place(picture, 'member-1').x);
  assert.ok(Math.abs(place(picture, 'pretrained').y - place(picture, 'member-1').y) < 1e-9);
});

test('Local DE: the pre-trained weights in the middle', () => {
  const picture = layout(localDe(6));
  const rays = Array.from({ length: 6 }, (_, index) => distance(picture, 'pretrained', `member-${index + 1}`));
  for (const ray of rays) assert.ok(Math.abs(ray - rays[0]) < 1e-9);
});

test('Global DE: every checkpoint has a place of its own, beside the member that starts from it', () => {
  const members = localDe(3).map((spec, index) => ({ ...spec, checkpoint: `model-${index}.safetensors` }));
  const picture = layout(members);
  assert.equal(picture.nodes.length, 6);
  for (const [index, { from, to }] of picture.edges.entries()) {
    assert.equal(from, `pretrained-${index + 1}`);
    assert.equal(place(picture, from).y, place(picture, to).y);
    assert.ok(place(picture, from).x < place(picture, to).x);
  }
});

test('a chain goes from left to right', () => {
  const picture = layout(chain(5));
  const xs = picture.nodes.map(({ x }) => x);
  assert.deepEqual(xs, [...xs].sort((a, b) => a - b));
  assert.equal(new Set(picture.nodes.map(({ y }) => y)).size, 1);
});

for (const [name, members] of [
  ...[1, 2, 3, 5, 8, 20, 100].map((count) => [`StarSSE of ${count}`, starsse(count)] as const),
  ...[1, 3, 10, 100].map((count) => [`Local DE of ${count}`, localDe(count)] as const),
  ...[2, 5, 12].map((count) => [`chain of ${count}`, chain(count)] as const),
]) {
  test(`${name}: all members and edges are inside, and no two nodes touch`, () => {
    const { nodes, edges, width, height } = layout(members);
    assert.equal(nodes.length, members.length + 1);
    assert.equal(edges.length, members.length);
    for (const { x, y, radius } of nodes) assert.ok(x - radius > 0 && x + radius < width && y - radius > 0 && y + radius < height);
    for (const [i, a] of nodes.entries()) {
      for (const b of nodes.slice(0, i)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > a.radius + b.radius, `${a.name} and ${b.name}`);
    }
  });
}
