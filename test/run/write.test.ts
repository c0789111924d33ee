import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { StarsseError } from '../../src/protocol/errors.ts';
import { removeLeftBeside, replaceFile, replaceJson } from '../../src/run/write.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a file is replaced whole and nothing is left beside it', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'a.json');
  await replaceJson(file, { a: 1 });
  await replaceJson(file, { a: 2 });
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { a: 2 });
  await replaceFile(file, [new Uint8Array([1, 2]), 'x', new Uint8Array(100_000)]);
  assert.equal(readFileSync(file).length, 100_003);
  assert.deepEqual(readdirSync(folder), ['a.json']);
});

test('a failure half way leaves the old file and nothing beside it', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'a.txt');
  writeFileSync(file, 'old');
  function* parts(): Generator<string> {
    yield 'new';
    throw new Error('half way');
  }
  await assert.rejects(replaceFile(file, parts()), /half way/);
  assert.equal(readFileSync(file, 'utf8'), 'old');
  assert.deepEqual(readdirSync(folder), ['a.txt']);
});

test('a disk that is full is an error of its own that names the file, and the old file stays', (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'big.bin');
  writeFileSync(file, 'old');
  // A limit on the size of files makes write(2) fall short and then fail, as a full disk does.
  const program = `
    import { replaceFile } from ${JSON.stringify(path.resolve('src/run/write.ts'))};
    process.on('SIGXFSZ', () => undefined);
    await replaceFile(${JSON.stringify(file)}, [new Uint8Array(3_000_000)]).catch((error) => console.log(JSON.stringify(error)));
  `;
  const source = path.join(folder, 'program.mts');
  writeFileSync(source, program);
  const limited = spawnSync('bash', ['-c', 'ulimit -f 1024; exec "$0" "$1"', process.execPath, source], { encoding: 'utf8' });
  const error = StarsseError.fromJSON(JSON.parse(limited.stdout));
  assert.equal(error.code, 'disk');
  assert.match(error.message, /big\.bin/);
  assert.ok(error.hint);
  assert.equal(readFileSync(file, 'utf8'), 'old');
  assert.deepEqual(readdirSync(folder).sort(), ['big.bin', 'program.mts']);
});

test('a folder that is gone is a disk error with a hint', async (t) => {
  const folder = temporaryFolder(t);
  rmSync(folder, { recursive: true });
  await assert.rejects(replaceFile(path.join(folder, 'x'), ['x']), { code: 'disk' });
});

test('what a killed writer left beside is removed, by name', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, '.a.json.12-3.beside'), '');
  writeFileSync(path.join(folder, '.b.json.12-3.beside'), '');
  writeFileSync(path.join(folder, '.hidden'), '');
  await removeLeftBeside(folder, 'a.json');
  assert.deepEqual(readdirSync(folder).sort(), ['.b.json.12-3.beside', '.hidden']);
  await removeLeftBeside(folder);
  assert.deepEqual(readdirSync(folder), ['.hidden']);
});
