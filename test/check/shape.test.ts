import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEDIAN_LINES, MOST_LINES, shapeFaults } from './shape.ts';
import { sources } from './sources.ts';

test('source files are small, of one topic, and export by name', () => {
  assert.deepEqual(shapeFaults(sources('src', 'webview-ui', 'test', 'bench', 'samples', 'scripts')), []);
});

const planted: [string, string, string][] = [
  ['src/core/train.ts', 'export const a = 1;\n'.repeat(MOST_LINES + 1), 'more than 300'],
  ['src/core/utils.ts', 'export const a = 1;', 'says nothing'],
  ['src/common/train.ts', 'export const a = 1;', 'says nothing'],
  ['src/core/train.ts', 'export default 1;', 'a default export'],
  ['src/core/train.ts', 'export default function train() {}', 'a default export'],
  ['src/core/train.ts', 'const a = 1; export { a as default };', 'a default export'],
  ['src/core/index.ts', "export * from './train.ts'; export { a } from './a.ts';", 'a barrel'],
];

for (const [file, source, fault] of planted) {
  test(`a planted fault is caught: ${file}: ${fault}`, () => {
    const found = shapeFaults(new Map([[file, source], ['src/a.ts', ''], ['src/b.ts', '']]));
    assert.equal(found.length, 1, `found ${JSON.stringify(found)}`);
    assert.ok(found[0].includes(fault), found[0]);
  });
}

test('a planted fault is caught: long files on the whole', () => {
  const long = 'export const a = 1;\n'.repeat(MEDIAN_LINES);
  assert.match(shapeFaults(new Map([['src/a.ts', long], ['src/b.ts', long], ['src/c.ts', '']])).join(), /median/);
});
