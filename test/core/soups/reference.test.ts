import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { mixTensors, type Ingredient } from '../../../src/core/soups/mix.ts';
import { modelStock } from '../../../src/core/soups/model-stock.ts';
import type { SoupRule } from '../../../src/core/soups/rule.ts';
import { slerp } from '../../../src/core/soups/slerp.ts';
import { ties } from '../../../src/core/soups/ties.ts';
import { uniform } from '../../../src/core/soups/uniform.ts';
import { wiseFt } from '../../../src/core/soups/wise-ft.ts';
import { floatsOf, floatTensor } from '../../../src/protocol/tensor.ts';
import { pythonReference, runPython } from '../../reference/python.ts';

type Reference = Record<string, Record<string, number[]>>;

/** The networks of soups_fixture.py. */
const SHAPES: [string, number[]][] = [['a.weight', [40, 30]], ['a.bias', [30]], ['b.weight', [7, 5, 3]], ['n.running_var', [9]]];
const parents = [0, 1, 2].map((parent): Ingredient => ({
  name: `parent-${parent}`,
  tensors: SHAPES.map(([name, shape], place) => {
    const value = (index: number): number => ((((7919 * index + 104_729 * parent + 15_485_863 * place + 1) * 48_271) % 1_000_003) / 500_000 - 1) / (parent === 2 ? 10 : 1);
    return floatTensor(name, shape, Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => value(index)));
  }),
}));

/** Made anew for each soup: rules remember what they looked at. */
const RULES: Record<string, [rule: () => SoupRule, parents: number]> = {
  uniform: [() => uniform(2), 2], 'wise-ft': [() => wiseFt(2, 0.3), 3], slerp: [() => slerp(0.3), 2], ties: [() => ties(2, { density: 0.2, scale: 0.7 }), 3], 'model-stock': [() => modelStock(2), 3],
};

function compare(reference: Reference): void {
  assert.deepEqual(Object.keys(reference), Object.keys(RULES));
  for (const [name, [rule, count]] of Object.entries(RULES)) {
    for (const tensor of mixTensors(rule(), parents.slice(0, count))) {
      const expected = reference[name][tensor.name];
      const values = floatsOf(tensor);
      assert.equal(values.length, expected.length);
      for (const [index, value] of expected.entries()) assert.ok(Math.abs(values[index] - value) < 1e-6, `${name}, ${tensor.name}, ${index}: ${values[index]}, not ${value}`);
    }
  }
}

test('soups are those of NumPy within 1e-6', async (t) => {
  compare(JSON.parse(readFileSync(path.join(import.meta.dirname, '../../fixtures/reference/soups.json'), 'utf8')) as Reference);
  const python = await pythonReference();
  if (python === null) return t.diagnostic('compared with what NumPy gave before');
  compare(JSON.parse(await runPython(python, 'soups_fixture.py', [])) as Reference);
});
