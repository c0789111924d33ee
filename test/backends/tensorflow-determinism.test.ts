import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

async function train(threads: number): Promise<string[]> {
  const program = join(import.meta.dirname, 'training-program.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', program, String(threads)]);
  return JSON.parse(stdout) as string[];
}

for (const threads of [1, 2]) {
  test(`25 training steps give the same bytes within and across processes, threads: ${threads}`, async () => {
    const fingerprints = [...(await train(threads)), ...(await train(threads))];
    assert.equal(fingerprints.length, 4);
    assert.match(fingerprints[0], /^[0-9a-f]{64}$/);
    assert.deepEqual(new Set(fingerprints), new Set([fingerprints[0]]));
  });
}
