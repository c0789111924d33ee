import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { doctorReport, probeInProcess } from '../../src/backends/doctor-report.ts';

const program = [...process.execArgv.filter((flag) => !flag.startsWith('--test')), join(import.meta.dirname, 'probe-program.ts')];

test('every back end is tried; what works names its device and versions, what does not says what to do', async () => {
  const report = await doctorReport('0.1.0', (backend) => probeInProcess(program, backend));
  assert.deepEqual(report.backends.map(({ backend }) => backend), ['tensorflow', 'webgpu', 'wasm', 'cpu']);
  for (const { backend, usable, device, missing, versions } of report.backends) {
    if (usable) assert(device !== null && device.backend === backend && versions['tfjs-core'], backend);
    else assert(missing !== null && missing.hint, backend);
  }
  const [tensorflow, , wasm, cpu] = report.backends;
  assert(tensorflow.usable && wasm.usable && cpu.usable, JSON.stringify(report.backends));
  assert.match(tensorflow.versions.libtensorflow, /^2\./);
  assert.equal(report.backends.filter(({ auto }) => auto).length, 1);
  assert(!cpu.auto);
});

test('a back end that takes its process down is reported, not fatal', async () => {
  const crash = await probeInProcess(['-e', 'process.kill(process.pid, "SIGSEGV"); setTimeout(() => undefined, 1e4)'], 'tensorflow');
  assert.equal(crash.usable, false);
  assert.equal(crash.missing?.code, 'backend-failed');
  assert.match(crash.missing.message, /SIGSEGV/);
  assert.equal(crash.missing.hint, 'starsse backend install');
});
