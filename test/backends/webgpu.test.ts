import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { ErrorJson } from '../../src/protocol/errors.ts';
import { softwareGpuEnvironment } from './software-gpu.ts';

const environment = softwareGpuEnvironment();

/** Plays a scene of webgpu-program.ts; null, and a skipped test, on a machine without the driver, but not on CI. */
async function play<Result>(context: TestContext, scene: string): Promise<{ result?: Result; error?: ErrorJson } | null> {
  if (environment === null) {
    const reason = 'No SwiftShader driver (vk_swiftshader_icd.json) here. On Debian: apt-get install chromium';
    assert.ok(!process.env.CI, reason);
    context.skip(reason);
    return null;
  }
  const program = join(import.meta.dirname, 'webgpu-program.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', program, scene], { env: { ...process.env, ...environment } });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { result?: Result; error?: ErrorJson };
}

for (const name of ['small-cnn', 'resnet-8', 'mixed', 'vit-mini']) {
  test(`three steps of ${name} on SwiftShader give the losses and weights of the cpu back end, and leave nothing behind`, async (context) => {
    const played = await play<{ worst: number; where: string; losses: number[]; cpuLosses: number[]; before: object; after: object }>(context, name);
    if (played === null) return;
    assert.ok(played.result, JSON.stringify(played.error));
    const { worst, where, losses, cpuLosses, before, after } = played.result;
    context.diagnostic(`worst difference of a weight ${worst.toExponential(1)}`);
    assert.ok(worst < 1e-4, where);
    for (const [i, loss] of losses.entries()) assert.ok(Math.abs(loss - cpuLosses[i]) < 1e-4, `loss of step ${i}`);
    assert.ok(losses[2] < losses[0], 'the loss falls');
    assert.deepEqual(after, before, 'no tensor and no buffer is left');
  });
}

test('pixels cross four in a word and are normalised there, and leave nothing behind', async (context) => {
  const played = await play<{ worst: number; crossed: number; before: object; after: object }>(context, 'pixels');
  if (played === null) return;
  assert.ok(played.result, JSON.stringify(played.error));
  const { worst, crossed, before, after } = played.result;
  assert.ok(worst < 2e-6, `${worst}`);
  assert.equal(crossed, 56);
  assert.deepEqual(after, before, 'no tensor and no buffer is left');
});

test('a Swin transformer has the loss and the gradients that PyTorch finds', async (context) => {
  const played = await play<string>(context, 'swin-gradients');
  if (played !== null) assert.equal(played.result, 'equal', JSON.stringify(played.error));
});

test('a software driver is called a processor, and is refused unless allowed', async (context) => {
  const allowed = await play<{ kind: string; description: string }>(context, 'device');
  if (allowed === null) return;
  assert.equal(allowed.result?.kind, 'cpu');
  assert.match(allowed.result.description, /^WebGPU \(Dawn \d.*\), ./);
  const refused = await play(context, 'refused');
  assert.equal(refused?.error?.code, 'backend-missing');
});

test('a tensor over the limit of the device is an error, not garbage', async (context) => {
  const played = await play(context, 'over-limit');
  if (played === null) return;
  assert.equal(played.error?.code, 'backend-failed', JSON.stringify(played));
  assert.match(played.error.message, /over this GPU's limit of \d+ bytes/);
});

test('after a validation error every operation, read and step throws it', async (context) => {
  const played = await play<ErrorJson[]>(context, 'validation-error');
  if (played === null) return;
  assert.deepEqual(played.result?.map(({ code }) => code), ['backend-failed', 'backend-failed', 'backend-failed'], JSON.stringify(played));
  for (const { message } of played.result) assert.match(message, /WGSL/);
});

test('a lost device is an error', async (context) => {
  const played = await play(context, 'lost-device');
  if (played !== null) assert.equal(played.error?.code, 'backend-failed', JSON.stringify(played));
});

test('a synchronous read says what to do instead', async (context) => {
  const played = await play(context, 'sync-read');
  if (played !== null) assert.match(played.error?.message ?? '', /use data\(\)/);
});
