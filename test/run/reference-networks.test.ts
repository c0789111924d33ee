/** Our networks with the weights of torchvision and timm give the logits of torchvision and timm. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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

const TOLERANCE = 1e-4;
const NETWORKS: { reference: string; name: BuiltinName; half?: boolean }[] = [
  { reference: 'torchvision:resnet18', name: 'resnet-18' },
  { reference: 'torchvision:resnet50', name: 'resnet-50' },
  { reference: 'torchvision:mobilenet_v2', name: 'mobilenet-v2' },
  { reference: 'timm:mobilenetv2_100', name: 'mobilenet-v2', half: true },
];
const SIDE = 64;

interface Fixture {
  networks: Record<string, { side: number; shapes: Record<string, number[]>; /** Every tenth of each image. */ logits: number[][] }>;
}

const fixtureFile = join(import.meta.dirname, '../fixtures/reference/cnn-logits.json');

for (const backend of ['tensorflow', 'wasm'] as const) {
  for (const { reference, name } of backend === 'wasm' ? NETWORKS.slice(2, 3) : NETWORKS) {
    test(`${backend}: ${name} with weights by a formula gives the logits that ${reference} gave`, async (context) => {
      await startBackend(backend, { threads: 1 });
      const { side, shapes, logits } = (JSON.parse(await readFile(fixtureFile, 'utf8')) as Fixture).networks[reference];
      const network = builtinNetwork(name, [side, side, 3], 1000);
      const tensors = Object.entries(shapes).map(([tensor, shape]) => formulaTensor(tensor, shape));
      const actual = await logitsOf(network, fitWeights(network, tensors, { headSeed: null, what: reference }), formulaImages(side));
      const difference = worstDifference(actual.filter((_, index) => index % 10 === 0), logits.flat());
      context.diagnostic(`worst difference ${difference.toExponential(1)}`);
      assert(difference < TOLERANCE, `${difference}`);
    });
  }
}

const python = await pythonReference();
// Where there is no Python the fixture above stands for it.
if (python !== null) test('networks and weights that Python made just now give its logits', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'starsse-reference-'));
  context.after(() => rm(folder, { recursive: true }));
  context.diagnostic(await runPython(python, 'torch_networks.py', [folder, ...NETWORKS.map(({ reference, half }) => `${reference}:${SIDE}${half ? ':half' : ''}`)]));
  await startBackend('tensorflow', { threads: 1 });
  for (const { reference, name } of NETWORKS) {
    const file = join(folder, reference.split(':')[1]);
    const network = builtinNetwork(name, [SIDE, SIDE, 3], 1000);
    const [checkpoint, expected] = await Promise.all([readCheckpoint(`${file}.safetensors`), readCheckpoint(`${file}.reference.safetensors`)]);
    const [images, logits] = ['images', 'logits'].map((wanted) => floatsOf(expected.tensors.find((tensor) => tensor.name === wanted)!));
    const difference = worstDifference(await logitsOf(network, fitWeights(network, checkpoint.tensors, { headSeed: null, what: file }), images), logits);
    context.diagnostic(`${reference}: worst difference ${difference.toExponential(1)}`);
    assert(difference < TOLERANCE, `${reference}: ${difference}`);
  }
});
