import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelPlaces, type NamedMark } from '../../../webview-ui/dashboard/landscape/label-places.ts';

const room = { left: 0, top: 0, right: 400, bottom: 300 };
const marks = (...places: [number, number][]): NamedMark[] => places.map(([x, y], index) => ({ x, y, text: String(index + 1), radius: 6 }));
const anchors = (...places: [number, number][]): string[] => labelPlaces(marks(...places), room).map(({ anchor, isFar }) => (isFar ? `far ${anchor}` : anchor));

test('a name stands at the right, or where it covers no mark and no name before it', () => {
  assert.deepEqual(anchors([100, 100], [300, 200]), ['start', 'start']);
  assert.deepEqual(anchors([100, 100], [112, 100]), ['end', 'start'], 'the mark of the second is at the right of the first');
  assert.deepEqual(anchors([395, 100]), ['end'], 'at the right it would leave the picture');
});

test('twelve marks on one heap: no name covers another, those without room beside the heap have a line', () => {
  const heap = marks(...Array.from({ length: 12 }, (_, index): [number, number] => [200 + 3 * (index % 4), 150 + 3 * Math.floor(index / 4)]));
  const places = labelPlaces(heap, room);
  const boxes = places.map(({ dx, dy, anchor }, index) => {
    const width = 9 * heap[index].text.length;
    const left = heap[index].x + dx - { start: 0, middle: width / 2, end: width }[anchor];
    return { left, right: left + width, top: heap[index].y + dy - 12, bottom: heap[index].y + dy + 2 };
  });
  const covered = boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
  assert.ok(covered.length <= 2, `${covered.length} pairs`);
  assert.ok(places.some(({ isFar }) => isFar));
});
