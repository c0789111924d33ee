import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { BENCHES, commandOf } from '../../bench/benches.ts';
import { BEGIN, END, replaceRows, rowsOf } from '../../bench/readme-table.ts';
import { AS_JSON, inTurn, kept, limitsText, reportRatio, reportWords, spread, spreadText, type Result } from '../../bench/report.ts';

const BENCH = path.resolve('bench');
/** Prints milliseconds of what its arguments name; no result of its own. */
const TOOLS = ['network-step.ts'];

/** Files of bench/ that no other file of it imports: what a user starts. */
function entries(files: Map<string, string>): string[] {
  const imported = new Set([...files.values()].flatMap((text) => [...text.matchAll(/'\.\/([\w-]+\.ts)'/g)].map(([, name]) => name)));
  return [...files.keys()].filter((name) => !imported.has(name) && name !== 'all.ts');
}

function benchFiles(): Map<string, string> {
  return new Map(readdirSync(BENCH).filter((name) => name.endsWith('.ts')).map((name) => [name, readFileSync(path.join(BENCH, name), 'utf8')]));
}

/** Files that are in no list, and names in the list without a file. */
function faults(files: Map<string, string>, listed: readonly string[]): string[] {
  return [
    ...entries(files).filter((name) => !listed.includes(name) && !TOOLS.includes(name)).map((name) => `${name}: not in benches.ts`),
    ...listed.filter((name) => !files.has(name)).map((name) => `${name}: listed, and not there`),
  ];
}

test('every bench is run by npm run bench, under a name of its own, and tells its result in the common form', () => {
  const files = benchFiles();
  assert.deepEqual(faults(files, BENCHES.map(({ file }) => file)), []);
  assert.equal(new Set(BENCHES.map(({ name }) => name)).size, BENCHES.length);
  assert.deepEqual(BENCHES.filter(({ file }) => !/report(Ratio|Words|Missing)\(/.test(files.get(file)!)), []);
});

test('a planted fault is caught: a bench that nobody listed, a name without a file', () => {
  const files = new Map([['a.ts', "import { b } from './b.ts';"], ['b.ts', ''], ['c.ts', '']]);
  assert.deepEqual(faults(files, ['a.ts', 'd.ts']), ['c.ts: not in benches.ts', 'd.ts: listed, and not there']);
});

test("README's table has a row for every bench, and no other", () => {
  const readme = readFileSync('README.md', 'utf8');
  const table = readme.slice(readme.indexOf(BEGIN), readme.indexOf(END));
  assert.match(table, /\nMeasured on \d+ cores? of .+, Node \d/);
  assert.deepEqual([...rowsOf(table).keys()], BENCHES.map(commandOf));
});

test('a part that is measured anew replaces its rows; on another machine nothing old stays', () => {
  const setting = { commands: ['a', 'b', 'c'], day: '2026-01-02', machine: 'this one' };
  const first: Result[] = [{ what: 'speed', value: { median: 1.5, low: 1, high: 2 }, atLeast: 1 }, { what: 'size', value: 'small | even' }];
  const empty = `before\n${BEGIN}\n${END}\nafter`;
  const once = replaceRows(empty, [{ command: 'b', results: first }], setting);
  const rows = ['| `a` | | not measured yet | |', '| `b` | speed | 1.50 (1.00 to 2.00), promised at least 1 | 2026-01-02 |', '| `b` | size | small \\| even | 2026-01-02 |', '| `c` | | not measured yet | |'];
  const table = (lines: string[], machine = 'this one'): string => `before\n${BEGIN}\nMeasured on ${machine}.\n\n| command | what | measured (range) | on |\n|---|---|---|---|\n${lines.join('\n')}\n${END}\nafter`;
  assert.equal(once, table(rows));
  const later = { ...setting, day: '2026-01-03' };
  const a = [{ command: 'a', results: [{ what: 'x', value: { median: 3, low: 3, high: 3 } }] }];
  assert.equal(replaceRows(once, a, later), table(['| `a` | x | 3.00 (3.00 to 3.00) | 2026-01-03 |', ...rows.slice(1)]));
  assert.equal(replaceRows(once, [], { ...later, machine: 'that one' }), table(['a', 'b', 'c'].map((name) => `| \`${name}\` | | not measured yet | |`), 'that one'));
  assert.throws(() => replaceRows('no table', [], setting), /two comments/);
});

test('median and range; a promise is kept or not; sides take turns after a round each that does not count', async (t) => {
  assert.deepEqual(spread([3, 1, 2]), { median: 2, low: 1, high: 3 });
  assert.equal(spreadText({ median: 1.234, low: 1, high: 2 }, 1), '1.2 (1.0 to 2.0)');
  assert.equal(limitsText({ atLeast: 1, atMost: 3 }), ', promised at least 1 and at most 3');
  const value = { median: 2, low: 1, high: 3 };
  assert.deepEqual([kept({ what: '', value, atLeast: 2 }), kept({ what: '', value, atLeast: 2.1 }), kept({ what: '', value, atMost: 1.9 }), kept({ what: '', value: 'none', atLeast: 9 })], [true, false, false, true]);
  const order: string[] = [];
  assert.deepEqual(await inTurn(2, [() => order.push('a'), async () => await Promise.resolve(order.push('b'))]), [[3, 4], [5, 6]]);
  assert.deepEqual(order, ['a', 'b', 'a', 'b', 'a', 'b']);
  const lines: unknown[] = [];
  const log = t.mock.method(console, 'log', (line: unknown) => void lines.push(line));
  t.after(() => (process.exitCode = 0));
  reportRatio('speed', [1, 2, 3], { atLeast: 1 });
  assert.notEqual(process.exitCode, 1);
  process.env[AS_JSON] = '1';
  reportRatio('speed', [1, 2, 3], { atLeast: 3 });
  assert.equal(process.exitCode, 1);
  reportWords('kind', 'good');
  delete process.env[AS_JSON];
  log.mock.restore();
  assert.deepEqual(lines, ['speed: 2.00 (1.00 to 3.00), promised at least 1', '{"bench":{"what":"speed","value":{"median":2,"low":1,"high":3},"atLeast":3}}', '{"bench":{"what":"kind","value":"good"}}']);
});
