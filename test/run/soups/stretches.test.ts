import assert from 'node:assert/strict';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { dare } from '../../../src/core/soups/dare.ts';
import { decodeFloats, encodeFloats } from '../../../src/core/soups/floats.ts';
import { mixTensors, type Ingredient } from '../../../src/core/soups/mix.ts';
import { modelStock } from '../../../src/core/soups/model-stock.ts';
import { slerp } from '../../../src/core/soups/slerp.ts';
import { ties } from '../../../src/core/soups/ties.ts';
import { uniform } from '../../../src/core/soups/uniform.ts';
import { floatTensor, type TensorData } from '../../../src/protocol/tensor.ts';
import { readSafetensors, writeSafetensors } from '../../../src/run/safetensors-file.ts';
import { writeSoupFile } from '../../../src/run/trainer/soups/soup-file.ts';
import { fileSource, memorySource, withSources } from '../../../src/run/trainer/soups/sources.ts';
import { mixedInMemory } from '../../../src/run/trainer/soups/stretches.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** One tensor of several stretches, many small ones, other types, none at all. */
function network(parent: number): Ingredient {
  const numbers = (count: number, seed: number): Float32Array => Float32Array.from({ length: count }, (_, index) => ((((7919 * index + 31 * seed + 104_729 * parent) % 10_007) / 5000) - 1));
  const tensors: TensorData[] = [
    floatTensor('a.weight', [1500, 1001], numbers(1_501_500, 1)),
    ...Array.from({ length: 300 }, (_, index) => floatTensor(`b${index}.bias`, [index % 5], numbers(index % 5, index))),
    { name: 'h.weight', dtype: 'F16', shape: [501], data: encodeFloats('F16', numbers(501, 7)) },
    { name: 'h.scale', dtype: 'BF16', shape: [3], data: encodeFloats('BF16', numbers(3, 8)) },
    { name: 'd.weight', dtype: 'F64', shape: [33], data: new Uint8Array(Float64Array.from(numbers(33, 9)).buffer) },
    { name: 'n.count', dtype: 'I64', shape: [1], data: new Uint8Array(BigInt64Array.of(BigInt(parent + 5)).buffer) },
    floatTensor('n.running_var', [70_000], numbers(70_000, 10)),
  ];
  return { name: `member-${parent + 1}`, tensors };
}

const parents = [0, 1, 2].map(network);

async function files(t: TestContext): Promise<string[]> {
  const folder = temporaryFolder(t);
  const names = parents.map(({ name }) => path.join(folder, `${name}.safetensors`));
  // The second file holds its tensors in another order.
  for (const [index, file] of names.entries()) await writeSafetensors(file, index === 1 ? [...parents[index].tensors].reverse() : [...parents[index].tensors], {});
  return names;
}

/** Without a picture of the difference, which would be as large as the tensors. */
function sameTensors(actual: readonly TensorData[], expected: readonly TensorData[], what: string): void {
  const headers = (tensors: readonly TensorData[]) => tensors.map(({ name, dtype, shape }) => [name, dtype, shape.join()]);
  assert.deepEqual(headers(actual), headers(expected), what);
  assert.deepEqual(actual.flatMap(({ name, data }, index) => (Buffer.compare(data, expected[index].data) === 0 ? [] : [name])), [], what);
}

test('what streams from files is what is mixed in memory, bit for bit, by every kind of rule; so is what is kept in memory', async (t) => {
  const names = await files(t);
  const rules = { uniform: () => uniform(3), slerp: () => slerp(0.3), ties: () => ties(2, { density: 0.3, scale: 1 }), dare: () => dare(2, { drop: 0.5, scale: 1, seed: 1 }), stock: () => modelStock(2) };
  for (const [name, rule] of Object.entries(rules)) {
    const count = name === 'slerp' ? 2 : 3;
    const expected = mixTensors(rule(), parents.slice(0, count));
    const out = path.join(path.dirname(names[0]), `${name}.safetensors`);
    const seen: number[] = [];
    await writeSoupFile(out, rule(), names.slice(0, count), { rule: name }, { onProgress: (fraction) => seen.push(fraction) });
    const { tensors, metadata } = await readSafetensors(out);
    sameTensors(tensors, expected, name);
    assert.equal(metadata.rule, name);
    assert.ok(seen.length > 1 && seen.every((fraction, index) => index === 0 || fraction > seen[index - 1]) && Math.abs(seen[seen.length - 1] - 1) < 1e-9);
    const inMemory = await withSources([async () => await fileSource('member-1', names[0]), ...parents.slice(1, count).map((parent) => async () => await Promise.resolve(memorySource(parent.name, parent.tensors)))], async (sources) => await mixedInMemory(rule(), sources));
    sameTensors(inMemory, expected, name);
  }
  assert.deepEqual(decodeFloats('F64', mixTensors(uniform(1), parents.slice(0, 1)).find((tensor) => tensor.name === 'd.weight')!.data), decodeFloats('F64', parents[0].tensors.find((tensor) => tensor.name === 'd.weight')!.data));
});

test('cancelled half way, the old file is there and nothing beside it; no file stays open', async (t) => {
  const names = await files(t);
  const out = path.join(path.dirname(names[0]), 'soup.safetensors');
  writeFileSync(out, 'the old one');
  const before = readdirSync(path.dirname(out)).sort();
  const cancel = new AbortController();
  const open = (): string[] => (process.platform === 'linux' ? readdirSync('/proc/self/fd') : []);
  const opened = open().length;
  await assert.rejects(writeSoupFile(out, uniform(3), names, {}, { signal: cancel.signal, onProgress: () => cancel.abort(new Error('enough')) }), { message: 'enough' });
  assert.deepEqual([readFileSync(out, 'utf8'), readdirSync(path.dirname(out)).sort(), open().length], ['the old one', before, opened]);
});

test('files that do not fit are refused by their headers, a torn one by its name, and no soup is there', async (t) => {
  const names = await files(t);
  const folder = path.dirname(names[0]);
  const out = path.join(folder, 'soup.safetensors');
  const other = path.join(folder, 'other.safetensors');
  await writeSafetensors(other, [floatTensor('a.weight', [2], new Float32Array(2))], {});
  await assert.rejects(writeSoupFile(out, uniform(2), [names[0], other], {}), { code: 'mismatch', message: /a\.weight is \[1500, 1001\] in .*; .* has no b0\.bias/ });
  truncateSync(names[2], 100_000);
  await assert.rejects(writeSoupFile(out, uniform(3), names, {}), (error: Error & { code: string }) => error.code === 'file-invalid' && error.message.includes(names[2]));
  await assert.rejects(writeSoupFile(out, uniform(1), [path.join(folder, 'none.safetensors')], {}), { code: 'file-missing' });
  assert.equal(readdirSync(folder).includes('soup.safetensors'), false);
});
