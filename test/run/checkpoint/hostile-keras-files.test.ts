/** `.keras` files that are torn, foreign or made to do harm: an error that names the file, and nothing else happens. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { unzipSync, zipSync } from 'fflate';
import { StarsseError } from '../../../src/protocol/errors.ts';
import { readCheckpoint } from '../../../src/run/trainer/checkpoint/read-checkpoint.ts';
import { KERAS_FIXTURES } from '../../reference/keras-models.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const whole = readFileSync(path.join(KERAS_FIXTURES, 'nested.keras'));
const entries = unzipSync(whole);
const weights = entries['model.weights.h5'];

function written(t: TestContext, bytes: Uint8Array, name = 'model.keras'): string {
  const file = path.join(temporaryFolder(t), name);
  writeFileSync(file, bytes);
  return file;
}

async function refused(file: string): Promise<StarsseError> {
  let error: unknown;
  await readCheckpoint(file).catch((thrown: unknown) => (error = thrown));
  assert.ok(error instanceof StarsseError, `${file} was read, or threw ${String(error)}`);
  assert.ok(error.message.includes(file), `"${error.message}" does not name the file`);
  return error;
}

test('a missing file', async (t) => {
  assert.equal((await refused(path.join(temporaryFolder(t), 'none.keras'))).code, 'file-missing');
});

for (const [what, cut] of [['empty', 0], ['of four bytes', 4], ['torn in the middle', Math.floor(whole.length / 2)], ['without its last byte', whole.length - 1]] as const) {
  test(`a zip that is ${what}`, async (t) => {
    const { code, message } = await refused(written(t, whole.subarray(0, cut)));
    assert.deepEqual([code, /not a whole zip file/.test(message)], ['file-invalid', true], message);
  });
}

test('a zip without config.json or without weights', async (t) => {
  const missing = async (names: string[]) => (await refused(written(t, zipSync(Object.fromEntries(Object.entries(entries).filter(([name]) => names.includes(name))))))).message;
  assert.match(await missing(['model.weights.h5']), /has no config\.json: it is no model that Keras 3 saved/);
  assert.match(await missing(['config.json', 'metadata.json']), /has no model\.weights\.h5/);
});

test('config.json that is no JSON', async (t) => {
  const { message } = await refused(written(t, zipSync({ ...entries, 'config.json': new TextEncoder().encode('{"class_name"') })));
  assert.match(message, /not valid JSON/);
});

test('a zip bomb is refused by what it claims, before it is unpacked', async (t) => {
  const bomb = zipSync({ ...entries, 'model.weights.h5': new Uint8Array(60_000_000) }, { level: 1 });
  const before = process.memoryUsage().arrayBuffers;
  const { message } = await refused(written(t, bomb));
  assert.match(message, /model\.weights\.h5 claims to be 60000000 bytes, packed into \d+; that much is not unpacked/);
  assert.ok(process.memoryUsage().arrayBuffers - before < 50_000_000);
});

test('an entry that is longer than it claims', async (t) => {
  const bytes = new Uint8Array(whole);
  const view = new DataView(bytes.buffer);
  // The central directory's record of the weights: signature, then the unpacked size at 24.
  const records = Array.from({ length: bytes.length - 46 }, (_, at) => at).filter((at) => view.getUint32(at, true) === 0x02014b50);
  const record = records.find((at) => new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true))) === 'model.weights.h5')!;
  view.setUint32(record + 24, weights.length - 100, true);
  assert.match((await refused(written(t, bytes))).message, /too many bytes in the stream|not a whole zip file/);
});

test('weights that are no HDF5 file, torn, or with any byte of their structure changed', async (t) => {
  const withWeights = (bytes: Uint8Array) => written(t, zipSync({ ...entries, 'model.weights.h5': bytes }));
  assert.match((await refused(withWeights(new Uint8Array(5000).fill(7)))).message, /not a whole HDF5 file/);
  assert.equal((await refused(withWeights(weights.subarray(0, 3000)))).code, 'file-invalid');
  // Fuzzing by hand: what comes is a whole answer or an error of ours, never another, and never without end.
  let refusals = 0;
  for (let at = 0; at < 6000; at += 61) {
    const broken = weights.slice();
    broken[at] ^= 0xff;
    const file = withWeights(broken);
    await readCheckpoint(file).catch((error: unknown) => {
      assert.ok(error instanceof StarsseError && ['file-invalid', 'mismatch'].includes(error.code), `byte ${at}: ${String(error)}`);
      refusals += 1;
    });
  }
  assert.ok(refusals > 2, `only ${refusals} refusals`);
});
