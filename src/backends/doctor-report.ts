/** What this machine can train with: every back end is really started, each in a process of its own. */
import { spawn } from 'node:child_process';
import * as os from 'node:os';
import { version_core } from '@tensorflow/tfjs-core';
import type { BackendReport, DoctorReport } from '../protocol/doctor.ts';
import { StarsseError } from '../protocol/errors.ts';
import { cacheFolder } from './cache-folder.ts';
import { autoChoice, startBackend, type Backend } from './choose.ts';
import { chooseLibrary, hasNvidiaDevice, type InstalledLibrary } from './tensorflow/library.ts';
import { presentOperations } from './tensorflow/own-operations.ts';

/** What one attempt found out; plain JSON, to come from another process. */
export type Probe = Omit<BackendReport, 'auto'>;

const BACKENDS: readonly Backend[] = ['tensorflow', 'webgpu', 'wasm', 'cpu'];

/**
 * Starts every back end and tells how that went. A back end that takes its process down (a driver, a torn library) is
 * reported like one that only fails.
 *
 * @param starsse our own version.
 * @param probe tries one back end, normally `probeInProcess`.
 */
export async function doctorReport(starsse: string, probe: (backend: Backend) => Promise<Probe>): Promise<DoctorReport> {
  const probes = await Promise.all(BACKENDS.map(probe));
  const auto = autoChoice(probes.flatMap(({ usable, device }) => (usable && device !== null ? [device] : [])));
  return {
    node: { version: process.versions.node, path: process.execPath },
    starsse,
    platform: `${process.platform}-${process.arch}`,
    cpu: os.cpus()[0]?.model.trim() ?? process.arch,
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    cacheFolder: cacheFolder(),
    backends: probes.map((found) => ({ ...found, auto: found.backend === auto?.backend })),
  };
}

/** Starts one back end in this process. It never throws: what went wrong is `missing`. */
export async function probeBackend(backend: Backend): Promise<Probe> {
  try {
    const device = await startBackend(backend, { threads: 1 });
    const missing = backend === 'tensorflow' && device.kind === 'cpu' && hasNvidiaDevice() ? unusedCard() : null;
    return { backend, usable: true, device, versions: versions(backend), missing };
  } catch (error) {
    return { backend, usable: false, device: null, versions: {}, missing: StarsseError.from(error).toJSON() };
  }
}

/**
 * Starts one back end in a process of its own.
 * @param program arguments of Node after which the name of the back end makes it print `probeBackend`'s answer.
 */
export function probeInProcess(program: readonly string[], backend: Backend): Promise<Probe> {
  return new Promise((resolve) => {
    const failed = (reason: string): void =>
      resolve({
        backend,
        usable: false,
        device: null,
        versions: {},
        missing: new StarsseError('backend-failed', `The back end "${backend}" ended its process: ${reason}`, { hint: MENDS[backend] }).toJSON(),
      });
    const child = spawn(process.execPath, [...program, backend], { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-1000)));
    child.once('error', (error) => failed(error.message));
    child.once('close', (code, signal) => {
      try {
        resolve(JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Probe);
      } catch {
        failed(`${code ?? signal} ${stderr}`.trim());
      }
    });
  });
}

const MENDS: Record<Backend, string> = {
  tensorflow: 'starsse backend install',
  webgpu: "Update the GPU's driver, or choose another back end.",
  wasm: 'Install StarSSE again.',
  cpu: 'Install StarSSE again.',
};

function unusedCard(): BackendReport['missing'] {
  return new StarsseError('backend-missing', 'TensorFlow does not use the NVIDIA card of this machine.', { hint: 'starsse backend install --gpu' }).toJSON();
}

function versions(backend: Backend): Record<string, string> {
  const library = backend === 'tensorflow' ? chooseLibrary() : null;
  return { 'tfjs-core': version_core, ...(library === null ? {} : libraryVersions(library)) };
}

function libraryVersions({ tensorflow, tfjsNode, source }: InstalledLibrary): Record<string, string> {
  const operations = presentOperations();
  return { libtensorflow: `${tensorflow} (${source})`, 'tfjs-node': tfjsNode, 'operations of our own': operations.length === 0 ? 'none' : operations.join(', ') };
}
