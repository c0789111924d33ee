import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import webpack, { type Configuration, type Stats } from 'webpack';
import type { Probe } from '../../src/backends/doctor-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'starsse-bundle-'));

before(async () => {
  const configurations = createRequire(import.meta.filename)('../../webpack.config.js') as Configuration[];
  const node = configurations.find(({ name }) => name === 'node');
  const compiler = webpack({
    ...node,
    entry: { probe: join(import.meta.dirname, 'probe-program.ts') },
    output: { ...node?.output, path: folder },
    devtool: false,
    optimization: { minimize: false },
  });
  const stats = await new Promise<Stats>((resolve, reject) => compiler.run((error, result) => (result === undefined ? reject(error ?? new Error('no result')) : resolve(result))));
  assert(!stats.hasErrors(), stats.toString('errors-only'));
  // One copy of the core: two would have two engines, and kernels of the one would be missing in the other.
  const cores = stats.toJson({ modules: true, nestedModules: true, ids: false }).modules?.filter(({ name }) => /tfjs-core.*tf-core/.test(name ?? '')) ?? [];
  assert.equal(cores.length, 1, cores.map(({ name }) => name).join());
});
after(() => rmSync(folder, { recursive: true }));

for (const backend of ['tensorflow', 'wasm', 'cpu'] as const) {
  test(`the back end ${backend} starts from the bundle alone, without node_modules`, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'probe.js'), backend], { cwd: folder });
    const probe = JSON.parse(stdout) as Probe;
    assert(probe.usable, JSON.stringify(probe));
    assert.equal(probe.device?.backend, backend);
  });
}
