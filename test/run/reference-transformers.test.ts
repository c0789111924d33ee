/** ViT and Swin with timm's and torchvision's weights give the logits of timm and torchvision, also at another image size from the same file. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startBackend } from '../../src/backends/choose.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { fitWeights } from '../../src/core/fit-weights.ts';
import { floatsOf } from '../../src/protocol/tensor.ts';
import { readCheckpoint } from '../../src/run/trainer/checkpoint/read-checkpoint.ts';
import { formulaImages, formulaTensor } from '../reference/formula.ts';
import { logitsOf, worstDifference } from '../reference/logits.ts';
import { pythonReference, runPython } from '../reference/python.ts';
import { TRANSFORMER_FIXTURE, type TransformerFixture } from '../reference/transformers.ts';

const TOLERANCE = 1e-4;
const NAMES: Record<string, BuiltinName> = {
  'timm:vit_tiny_patch16_224': 'vit-tiny',
  'timm:vit_small_patch16_224': 'vit-small',
  'timm:swin_tiny_patch4_window7_224': 'swin-tiny',
  'torchvision:swin_t': 'swin-tiny',
};

for (const [reference, { side, shapes, logits }] of Object.entries(TRANSFORMER_FIXTURE.logits)) {
  // The longest are left to the native library.
  for (const backend of side === 224 ? (['tensorflow'] as const) : (['tensorflow', 'wasm'] as const)) {
    test(`${backend}: weights by a formula give the logits that ${reference} gave`, async (context) => {
      await startBackend(backend, { threads: 1 });
      const network = builtinNetwork(NAMES[reference.split(' ')[0]], [side, side, 3], 1000);
      const tensors = Object.entries(shapes).map(([name, shape]) => formulaTensor(name, shape));
      const actual = await logitsOf(network, fitWeights(network, tensors, { headSeed: null, what: reference }), formulaImages(side));
      const difference = worstDifference(actual.filter((_, index) => index % 10 === 0), logits);
      context.diagnostic(`worst difference ${difference.toExponential(1)}`);
      assert(difference < TOLERANCE, `${difference}`);
    });
  }
}

test('Python gives the fixture, and weights that it made just now its logits', async (context) => {
  const python = await pythonReference();
  if (python === null) return console.log('pip has no PyTorch for this machine: only the fixture was compared');
  const folder = await mkdtemp(join(tmpdir(), 'starsse-reference-'));
  context.after(() => rm(folder, { recursive: true }));
  const fresh = JSON.parse(await runPython(python, 'transformer_fixture.py', [])) as TransformerFixture;
  sameNumbers(fresh, TRANSFORMER_FIXTURE, 'fixture');
  context.diagnostic(await runPython(python, 'torch_networks.py', [folder, ...Object.keys(NAMES).map((reference) => `${reference}:224`)]));
  await startBackend('tensorflow', { threads: 1 });
  for (const [reference, name] of Object.entries(NAMES)) {
    const file = join(folder, reference.split(':')[1]);
    const network = builtinNetwork(name, [224, 224, 3], 1000);
    const [checkpoint, expected] = await Promise.all([readCheckpoint(`${file}.safetensors`), readCheckpoint(`${file}.reference.safetensors`)]);
    const [images, logits] = ['images', 'logits'].map((wanted) => floatsOf(expected.tensors.find((tensor) => tensor.name === wanted)!));
    const difference = worstDifference(await logitsOf(network, fitWeights(network, checkpoint.tensors, { headSeed: null, what: file }), images), logits);
    context.diagnostic(`${reference}: worst difference ${difference.toExponential(1)}`);
    assert(difference < TOLERANCE, `${reference}: ${difference}`);
  }
});

/** The same to four digits, wherever there are numbers; another machine rounds otherwise. */
function sameNumbers(actual: unknown, expected: unknown, where: string): void {
  if (typeof expected === 'number') assert.ok(Math.abs(Number(actual) - expected) <= 1e-4 * Math.max(1, Math.abs(expected)), `${where}: ${String(actual)}, in the file ${expected}`);
  else if (typeof expected === 'object' && expected !== null) {
    assert.deepEqual(Object.keys(actual as object), Object.keys(expected), where);
    for (const [key, value] of Object.entries(expected)) sameNumbers((actual as Record<string, unknown>)[key], value, `${where}.${key}`);
  }
}
