import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { unzipSync } from 'fflate';
import type { DataReport } from '../../src/protocol/data-report.ts';
import { packPlatformVsix } from '../../scripts/package.ts';
import { checkIntegrity, isNeeded, nativePackages, TARGETS } from '../../scripts/platform.ts';
import { writeClassFolders } from '../fixtures/data-files.ts';
import { listFaults, MOST_PLATFORM_BYTES, PLATFORM_ALLOWED, PLATFORM_REPLACES, vsixFiles } from './vsix.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'starsse-platform-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('every platform has its native image decoder in the lock file, with a checksum', () => {
  for (const target of Object.keys(TARGETS)) {
    const packages = nativePackages(target);
    assert.ok(packages.length >= 1 && packages.every(({ integrity }) => integrity.startsWith('sha512-')), target);
  }
  assert.throws(() => nativePackages('amiga-68k'), /no platform; there are linux-x64/);
});

test('a planted fault is caught: other bytes than the lock file names, and files that nobody needs', () => {
  const [{ integrity }] = nativePackages('linux-x64');
  assert.throws(() => checkIntegrity(Buffer.from('planted'), integrity, 'sharp'), /not what package-lock\.json says/);
  assert.deepEqual(['lib/libvips-cpp.so.8.18.7', 'lib/sharp-linux-x64-0.35.5.node', 'lib/libvips-42.dll', 'LICENSE'].map(isNeeded), [true, true, true, true]);
  assert.deepEqual(['lib/glib-2.0/include/glibconfig.h', 'install.js', 'lib'].map(isNeeded), [false, false, false]);
});

const here = `${process.platform}-${process.arch}`;

test('the package of this platform decodes with its native decoder alone', { skip: here in TARGETS ? false : `no package for ${here}` }, async () => {
  const vsix = path.join(folder, 'platform.vsix');
  packPlatformVsix(vsix, here);
  assert.ok(statSync(vsix).size < MOST_PLATFORM_BYTES, `${statSync(vsix).size} bytes`);
  const names = [...vsixFiles(vsix).keys()];
  assert.deepEqual(listFaults(names, PLATFORM_ALLOWED, PLATFORM_REPLACES), []);
  assert.deepEqual(names.filter((name) => name.includes('sharp-wasm32-')), []);
  assert.match(new TextDecoder().decode(unzipSync(readFileSync(vsix))['extension.vsixmanifest']), new RegExp(`TargetPlatform="${here}"`));
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(vsix)))) {
    if (!name.startsWith('extension/dist/') || name.endsWith('/')) continue;
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
  }
  await writeClassFolders(path.join(folder, 'pictures'), { cat: 4, dog: 4 }, 60);
  const data = { kind: 'folder', train: 'pictures', split: { validation: 2, test: 2 }, image: { size: 4 } };
  const plan = path.join(folder, 'images.starsse.json');
  writeFileSync(plan, JSON.stringify({ name: 'Images', model: { network: 'linear' }, data, method: { kind: 'starsse' }, training: { epochs: 1, optimizer: { learningRate: 0.1 } } }));
  const cli = path.join(folder, 'extension/dist/cli.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'data', plan, '--json'], { encoding: 'utf8', env: { ...process.env, STARSSE_CACHE: path.join(folder, 'cache') }, timeout: 120_000 });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  assert.deepEqual((JSON.parse(stdout) as DataReport).sets.map(({ examples }) => examples), [4, 2, 2]);
});
