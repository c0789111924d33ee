// Made images.txt, once: 1,200 images a class (1,000 to test, 200 to train and validate) that are in the published IDX
// files and in the npm package alike, so that both give the same data. Order: by identity, which is as good as random.
import { writeFileSync } from 'node:fs';
import { CLASSES, identity, imagesFromIdx, imagesFromNpm } from './sources.mjs';

const TEST_PER_CLASS = 1000;
const LABELLED_PER_CLASS = 200;

const published = imagesFromIdx();
if (published === null) throw new Error('the published IDX files are not installed; set FASHION_MNIST to their folder');
const inNpm = new Set(imagesFromNpm().images.map(({ pixels, label }) => identity(pixels, label)));
const byClass = Array.from({ length: CLASSES }, () => new Set());
for (const { pixels, label } of published.images) {
  const id = identity(pixels, label);
  if (inNpm.has(id)) byClass[label].add(id);
}
const sorted = byClass.map((ids) => [...ids].sort());
const test = sorted.flatMap((ids) => ids.slice(0, TEST_PER_CLASS)).sort();
const labelled = sorted.flatMap((ids) => ids.slice(TEST_PER_CLASS, TEST_PER_CLASS + LABELLED_PER_CLASS)).sort();
writeFileSync(new URL('images.txt', import.meta.url), `labelled\n${labelled.join('\n')}\ntest\n${test.join('\n')}\n`);
