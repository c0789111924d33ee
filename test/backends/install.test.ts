import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { installTensorflow } from '../../src/backends/install.ts';
import { findLibrary, libraryFolder } from '../../src/backends/tensorflow/library.ts';
import { OWN_OPERATIONS_VERSION } from '../../src/backends/tensorflow/own-operations.ts';
import { StarsseError } from '../../src/protocol/errors.ts';

/** What the other tests use, before this file has a cache of its own. */
const real = libraryFolder('cpu');
const cache = mkdtempSync(join(tmpdir(), 'starsse-install-'));
const saved = { ...process.env };

before(() => {
  process.env.STARSSE_CACHE = cache;
  // A port that refuses: the packages' own download fails at once, wherever the test runs.
  process.env.TFJS_NODE_CDN_STORAGE = 'http://127.0.0.1:9/';
});
after(() => {
  process.env = saved;
  rmSync(cache, { recursive: true });
});

test('a missing compiler is told before anything is downloaded, with the command that installs one', async () => {
  process.env.CXX = join(cache, 'no-such-compiler');
  const stages: string[] = [];
  await assert.rejects(installTensorflow({ gpu: false, onProgress: ({ stage }) => stages.push(stage) }), (error) => {
    assert(error instanceof StarsseError);
    assert.equal(error.code, 'backend-failed');
    assert.match(error.message, /127\.0\.0\.1:9.*no-such-compiler/s);
    assert.match(error.hint ?? '', /apt install g\+\+/);
    return true;
  });
  assert.deepEqual(stages, ['fallback']);
  assert.deepEqual(readdirSync(join(cache, 'tensorflow')), []);
});

test('a cancelled installation leaves nothing behind', async () => {
  delete process.env.CXX;
  const controller = new AbortController();
  const work = installTensorflow({ gpu: false, signal: controller.signal, onProgress: ({ stage }) => stage === 'sources' && controller.abort() });
  await assert.rejects(work, { code: 'cancelled' });
  assert.deepEqual(readdirSync(join(cache, 'tensorflow')), []);
});

test('what an earlier, killed installation left is removed', async () => {
  mkdirSync(join(cache, 'tensorflow', `cpu-${process.platform}-${process.arch}.building-1`));
  process.env.CXX = join(cache, 'no-such-compiler');
  await assert.rejects(installTensorflow({ gpu: false }));
  assert.deepEqual(readdirSync(join(cache, 'tensorflow')), []);
});

test('a manifest that is not one is an error that names the file', () => {
  const folder = join(cache, 'tensorflow', `cpu-${process.platform}-${process.arch}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'manifest.json'), '{"format": 1, "binding": "../../etc/evil.node"}');
  assert.throws(() => findLibrary('cpu'), (error) => error instanceof StarsseError && error.code === 'file-invalid' && error.message.includes(folder));
  rmSync(folder, { recursive: true });
});

test('a library of an earlier version is renewed; where that fails it stays and serves, and says so', async () => {
  const folder = libraryFolder('cpu');
  mkdirSync(folder);
  for (const part of ['lib', 'deps']) symlinkSync(join(real, part), join(folder, part));
  const { operations: _, ...earlier } = JSON.parse(readFileSync(join(real, 'manifest.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...earlier, source: 'wheel' }));
  process.env.CXX = join(cache, 'no-such-compiler');
  const messages: string[] = [];
  const library = await installTensorflow({ gpu: false, onProgress: ({ message }) => messages.push(message) });
  assert.equal(library.folder, folder);
  assert.match(messages.at(-1)!, /earlier version stays.*no-such-compiler/s);
  // What is of this version is left alone, compiler or not.
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...earlier, source: 'wheel', operations: OWN_OPERATIONS_VERSION }));
  assert.equal((await installTensorflow({ gpu: false, onProgress: () => assert.fail('nothing is to be done') })).operations, OWN_OPERATIONS_VERSION);
  rmSync(folder, { recursive: true });
});
