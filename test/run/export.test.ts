/** `starsse export` as a program, on the golden run: what is written, and that nothing is ever written over. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { wilsonInterval } from '../../src/run/trainer/export/wilson-interval.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';

const GOLDEN = path.resolve('test/fixtures/run-format-1');

async function exported(t: TestContext, format: string, ...rest: string[]): Promise<{ out: string; answer: { name: string; folder: string; files: { name: string; sizeBytes: number }[] }; card: string }> {
  const out = path.join(temporaryFolder(t), 'out');
  const { code, stdout, stderr } = await starsse(['export', GOLDEN, ...rest, '--format', format, '--out', out, '--json']);
  assert.deepEqual([code, stderr], [0, '']);
  const answer = JSON.parse(stdout) as Awaited<ReturnType<typeof exported>>['answer'];
  return { out: path.resolve(out), answer, card: readFileSync(path.join(out, 'README.md'), 'utf8') };
}

test('safetensors: the snapshot byte by byte, of the best member when none is named', async (t) => {
  const { out, answer, card } = await exported(t, 'safetensors');
  const copy = readFileSync(path.join(out, 'member-1.safetensors'));
  assert.deepEqual(copy, readFileSync(path.join(GOLDEN, 'snapshots/member-1.safetensors')));
  assert.deepEqual([answer.name, answer.folder], ['member-1', out]);
  assert.deepEqual(answer.files.map(({ name }) => name), ['README.md', 'member-1.safetensors']);
  assert.equal(answer.files[1].sizeBytes, copy.length);
  assert.match(card, /load_file\("member-1\.safetensors"\)/);
});

test('a soup as a layers model, with its card', async (t) => {
  const { out, card } = await exported(t, 'tfjs', 'soup-uniform-1');
  assert.deepEqual(readdirSync(out).sort(), ['README.md', 'group1-shard1of1.bin', 'model.json']);
  assert.match(card, /^# Golden: soup-uniform-1\n/);
  assert.match(card, /soup-uniform-1, the uniform average of the weights of member-1, member-2, member-3: one network/);
  assert.match(card, /\| accuracy, 95 % interval \(Wilson\) \| \d+\.\d\d % \[\d+\.\d\d %, \d+\.\d\d %\] \|/);
  assert.match(card, /Difference of accuracy to the best member, member-1: [+-]\d+\.\d\d points \[[+-]\d+\.\d\d, [+-]\d+\.\d\d\] \(95 %, paired bootstrap of \d+ resamples\)/);
  assert.match(card, /SHA-256 of files and split 3db42672280d659e0a20da2b5c629cbd5944a524a6cc9a5c18869735791899e6/);
  for (const member of ['member-1', 'member-2', 'member-3']) assert.match(card, new RegExp(`\\| ${member} \\| from (pretrained|member-1), \\d+ epochs`));
  assert.match(card, /tf\.loadLayersModel\(/);
  assert.match(card, /## Licence\n\nNone is claimed here/);
});

test('the card alone: a member, and what it goes back to', async (t) => {
  const { answer, card } = await exported(t, 'card', 'member-3');
  assert.deepEqual(answer.files.map(({ name }) => name), ['README.md']);
  assert.ok(card.includes('| member-1 |') && card.includes('| member-3 | from member-1') && !card.includes('| member-2 |'));
});

test('mistakes: a name that is not there, a folder or file in use', async (t) => {
  const folder = temporaryFolder(t);
  const mistake = async (out: string, ...name: string[]): Promise<string> => {
    const { code, stderr } = await starsse(['export', GOLDEN, ...name, '--format', 'card', '--out', out]);
    assert.equal(code, 2, stderr);
    return stderr;
  };
  assert.match(await mistake(path.join(folder, 'new'), 'member-9'), /has no snapshot member-9[^]*It has member-1, member-2, member-3, soup-uniform-1, soup-uniform-2/);
  assert.match(await mistake(path.join(folder, 'new'), '../member-1'), /has no snapshot/);
  mkdirSync(path.join(folder, 'used'));
  writeFileSync(path.join(folder, 'used', 'mine.txt'), 'mine');
  assert.match(await mistake(path.join(folder, 'used')), /used is not empty, and nothing is overwritten/);
  assert.match(await mistake(path.join(folder, 'used', 'mine.txt')), /is a file, or in one/);
  assert.equal(readFileSync(path.join(folder, 'used', 'mine.txt'), 'utf8'), 'mine');
  assert.deepEqual(readdirSync(folder), ['used'], 'nothing half made is left');
});

test('an empty folder is taken', async (t) => {
  const out = path.join(temporaryFolder(t), 'empty');
  mkdirSync(out);
  const { code, stdout } = await starsse(['export', GOLDEN, '--format', 'card', '--out', out]);
  assert.deepEqual([code, readdirSync(out)], [0, ['README.md']]);
  assert.match(stdout, /member-1 is in .*empty:\n *README\.md/);
});

test("Wilson's interval", () => {
  // Agresti and Coull 1998 give the formula; 8 of 10 by hand: (0.8 + z²/20 ± z sqrt(0.016 + z²/400)) / (1 + z²/10).
  const near = ([low, high]: [number, number], wanted: [number, number]): void => assert.ok(Math.abs(low - wanted[0]) < 1e-6 && Math.abs(high - wanted[1]) < 1e-6, `${low}, ${high}`);
  near(wilsonInterval(0.8, 10), [0.490162, 0.943318]);
  near(wilsonInterval(1, 10), [0.722467, 1]);
  near(wilsonInterval(0, 0), [0, 1]);
});
