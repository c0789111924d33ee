/** Robustness of the golden run: cancelled and gone on with, unknown images, and what is refused. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { MAIN_CORRUPTIONS, type Robustness } from '../../src/protocol/robustness.ts';
import { runTask } from '../../src/run/tasks.ts';
import { goldenCopy } from './golden-copy.ts';
import { starsse } from './starsse.ts';

/** One grey level: none of the classes. */
function writeBmp(file: string, level: number): void {
  const [side, header] = [8, 54];
  const bytes = Buffer.alloc(header + side * side * 3, level);
  bytes.fill(0, 0, header);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(header, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(side, 18);
  bytes.writeInt32LE(side, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  writeFileSync(file, bytes);
}

test('cells of corruptions: cancelled, gone on with, and the same as in one go; unknown images', async (t) => {
  const folder = goldenCopy(t);
  const file = path.join(folder, 'analyses', 'robustness.json');
  const request = { corruptions: ['gaussian-noise', 'contrast', 'saturate'], images: 60 };

  const cancel = new AbortController();
  await assert.rejects(runTask('robustness', [folder, JSON.stringify(request)], { signal: cancel.signal, onProgress: ({ message }) => {
    if (message === 'gaussian-noise: severity 3') cancel.abort();
  } }), { code: 'cancelled' });
  const half = JSON.parse(readFileSync(file, 'utf8')) as Robustness;
  assert.ok(half.cells.length >= 2 && half.cells.length < 10, String(half.cells.length));

  const messages: string[] = [];
  const { robustness } = await runTask('robustness', [folder, JSON.stringify(request)], { onProgress: ({ message }) => messages.push(message) });
  assert.ok(!messages.includes('gaussian-noise: severity 1') && messages.includes('contrast: severity 5'), 'finished cells are kept');
  assert.deepEqual(robustness!.cells.map(({ corruption, severity }) => `${corruption} ${severity}`), ['gaussian-noise', 'contrast'].flatMap((name) => [1, 2, 3, 4, 5].map((severity) => `${name} ${severity}`)));
  assert.deepEqual(robustness!.leftOut, ['saturate']);
  assert.deepEqual(robustness!.rows.map(({ name }) => name), ['member-1', 'member-2', 'member-3', 'soup-uniform-1', 'soup-uniform-2', 'ensemble-1', 'ensemble-2']);
  for (const row of robustness!.rows) assert.deepEqual([row.meanCorruptionError, row.relativeToBestMember], [null, null], 'two corruptions are no mean over 15');
  // Of the uncorrupted images the figures are those of the table; of the corrupted ones the linear network is less sure.
  const loss = (corruption: string, severity: number): number => robustness!.cells.find((cell) => cell.corruption === corruption && cell.severity === severity)!.rows['member-1'].nll;
  assert.ok(loss('contrast', 1) !== loss('contrast', 5) && loss('gaussian-noise', 1) !== loss('gaussian-noise', 5));

  writeFileSync(file, '{ torn');
  await assert.rejects(runTask('robustness', [folder, JSON.stringify(request)]), { code: 'file-invalid', message: /robustness\.json/ });
  writeFileSync(file, JSON.stringify({ ...half, key: 'another' }));
  const again = await runTask('robustness', [folder, JSON.stringify(request)]);
  assert.deepEqual(again.robustness!.cells, robustness!.cells, 'cells of other images are made anew, and are the same whole or in parts');

  // A row that has other weights is measured alone, one that is new, too: an ensemble by its two members.
  const stored = JSON.parse(readFileSync(file, 'utf8')) as Robustness;
  for (const cell of stored.cells) delete cell.rows['ensemble-2'];
  writeFileSync(file, JSON.stringify({ ...stored, digests: { ...stored.digests, 'soup-uniform-1': 'other' } }));
  const told: string[] = [];
  const third = await runTask('robustness', [folder, JSON.stringify(request)], { onProgress: ({ message }) => told.push(message) });
  assert.ok(told.includes('10 cells of 60 images by 5 networks: 1800 forward passes'), told.find((message) => message.includes('passes')));
  assert.deepEqual(third.robustness!.cells, robustness!.cells);

  const unknown = path.join(path.dirname(folder), 'unknown', 'deep');
  mkdirSync(unknown, { recursive: true });
  for (let level = 0; level < 12; level++) writeBmp(path.join(unknown, `${level}.bmp`), 20 * level);
  writeFileSync(path.join(unknown, 'torn.png'), 'no image');
  const stopped = new AbortController();
  const predicting = 'Predicting 12 unknown images';
  const share = (index: number) => index / 5;
  await assert.rejects(runTask('robustness', [folder, JSON.stringify({ unknown: path.dirname(unknown) })], { signal: stopped.signal, onProgress: ({ message, fraction }) => {
    if (message === predicting && fraction! > share(2)) stopped.abort();
  } }), { code: 'cancelled' });
  assert.ok(!existsSync(path.join(folder, 'analyses', 'unknown.json')), 'nothing half made');
  const kept = readFileSync(path.join(folder, 'analyses', 'unknown.ndjson'), 'utf8').split('\n').length - 2;
  assert.ok(kept >= 2 && kept < 5, `${kept} networks of 5 are kept`);
  const shares: number[] = [];
  const found = await runTask('robustness', [folder, JSON.stringify({ unknown: path.dirname(unknown) })], { onProgress: ({ message, fraction }) => {
    if (message === predicting) shares.push(fraction!);
  } });
  assert.ok(shares.length > 0 && Math.min(...shares) > share(kept), 'networks that were done are not predicted again');
  assert.equal(found.robustness, null);
  assert.deepEqual([found.unknown!.unknownImages, found.unknown!.knownImages, found.unknown!.unreadable.length], [12, 90, 1]);
  for (const { kind, confidence, entropy, mutualInformation } of found.unknown!.rows) {
    assert.equal(mutualInformation === null, kind !== 'ensemble');
    for (const each of [confidence, entropy, ...(mutualInformation === null ? [] : [mutualInformation])]) assert.ok(each.auroc >= 0 && each.auroc <= 1 && each.fpr95 >= 0 && each.fpr95 <= 1);
  }
  assert.ok(existsSync(path.join(folder, 'analyses', 'unknown.json')));

  await assert.rejects(runTask('robustness', [folder, JSON.stringify({ unknown: path.join(folder, 'nowhere') })]), { code: 'data-missing' });
  const empty = path.join(path.dirname(folder), 'empty');
  mkdirSync(empty);
  await assert.rejects(runTask('robustness', [folder, JSON.stringify({ unknown: empty })]), { code: 'data-invalid', message: /has no image files/ });
  const { code, stderr } = await starsse(['robustness', folder, '--corruptions', 'rain']);
  assert.deepEqual([code, /Allowed choices/.test(stderr)], [2, true]);
  const shown = await starsse(['robustness', folder, '--corruptions', 'contrast', '--images', '60']);
  assert.match(shown.stdout, /errors on 60 images/);
  assert.match(shown.stdout, /contrast +\d+\.\d\d %/);
});

test('all 15 corruptions have a mean, and the best member is 100 % of itself', async (t) => {
  const folder = goldenCopy(t);
  const { robustness } = await runTask('robustness', [folder, JSON.stringify({ corruptions: MAIN_CORRUPTIONS, images: 20 })]);
  const best = robustness!.rows.find(({ name }) => name === robustness!.bestMember)!;
  assert.equal(best.relativeToBestMember, 1);
  const errors = robustness!.cells.map((cell) => cell.rows[best.name].error);
  assert.equal(errors.length, 75);
  assert.ok(Math.abs(best.meanCorruptionError! - errors.reduce((sum, error) => sum + error, 0) / 75) < 1e-12);
});
