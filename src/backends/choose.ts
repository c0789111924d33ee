/** Which back end runs: the one that was asked for, or with 'auto' the best that this machine really has. */
import { setBackend } from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import type { BackendChoice } from '../protocol/plan.ts';
import type { Device } from '../protocol/run.ts';
import { registerComposedKernels } from './composed.ts';
import { findLibrary, hasNvidiaDevice } from './tensorflow/library.ts';

export interface StartOptions {
  /** Of effect on the native CPU back end only. */
  threads: number;
  /** Threads are for operations of a graph side by side where that is faster, as in training; else for the parts of each operation. */
  sideBySide?: boolean;
}
export type Backend = Device['backend'];

/** What 'auto' takes, best first: CUDA, WebGPU on a real GPU, the native CPU library, WASM. */
const AUTO: readonly { backend: Backend; kind: Device['kind'] }[] = [
  { backend: 'tensorflow', kind: 'gpu' },
  { backend: 'webgpu', kind: 'gpu' },
  { backend: 'tensorflow', kind: 'cpu' },
  { backend: 'wasm', kind: 'cpu' },
];

/** `STARSSE_SOFTWARE_GPU=1` lets WebGPU run on a driver that computes on the processor, for tests; 'auto' never takes one. Each is loaded only when it is asked for; in the bundle all are in one file. */
const START: Record<Backend, (options: StartOptions) => Promise<Device>> = {
  tensorflow: async (options) => (await import(/* webpackMode: "eager" */ './tensorflow/start.ts')).startTensorflow(options),
  webgpu: async (options) => (await import(/* webpackMode: "eager" */ './webgpu/start.ts')).startWebgpu({ ...options, allowSoftware: process.env.STARSSE_SOFTWARE_GPU === '1' }),
  wasm: async (options) => (await import(/* webpackMode: "eager" */ './wasm/start.ts')).startWasm(options),
  cpu: startCpu,
};

/**
 * Starts a back end and makes it the current one of tfjs-core, with the kernels that training needs.
 * @returns the device that really computes: show it.
 * @throws StarsseError `backend-missing`, with the command that mends it as hint, or `backend-failed`, when the back end
 *   that was asked for does not run. Another one never takes its place; only 'auto' goes on to the next.
 */
export async function startBackend(choice: BackendChoice, options: StartOptions): Promise<Device> {
  if (choice !== 'auto') return START[choice](options);
  const failures = new Map<Backend, StarsseError>();
  for (const { backend, kind } of AUTO) {
    if (backend === 'tensorflow' && kind === 'gpu' && !(hasNvidiaDevice() && hasGpuLibrary())) continue;
    try {
      const device = await START[backend](options);
      if (device.kind === kind) return withNote(device, failures);
    } catch (error) {
      failures.set(backend, StarsseError.from(error));
    }
  }
  throw new StarsseError('backend-missing', `No back end runs on this machine. ${[...failures.values()].map(({ message }) => message).join(' ')}`, {
    hint: 'starsse backend install',
  });
}

/** The one of the devices that 'auto' would take, or null. */
export function autoChoice(devices: readonly Device[]): Device | null {
  for (const { backend, kind } of AUTO) {
    const found = devices.find((device) => device.backend === backend && device.kind === kind);
    if (found !== undefined) return found;
  }
  return null;
}

/** A library that is installed and broken is no reason to stop, but must not go unseen either. */
function withNote(device: Device, failures: ReadonlyMap<Backend, StarsseError>): Device {
  if (failures.get('tensorflow')?.code !== 'backend-failed') return device;
  return { ...device, description: `${device.description} (native TensorFlow is installed but does not load: run starsse doctor)` };
}

function hasGpuLibrary(): boolean {
  try {
    return findLibrary('gpu') !== null;
  } catch {
    return false; // Starting it for the CPU will report the unreadable manifest.
  }
}

/** Plain JavaScript: the reference for tests, far too slow to train anything else. */
async function startCpu(): Promise<Device> {
  const { version_cpu } = await import(/* webpackMode: "eager" */ '@tensorflow/tfjs-backend-cpu');
  registerComposedKernels('cpu');
  await setBackend('cpu');
  return { backend: 'cpu', kind: 'cpu', description: `JavaScript (TensorFlow.js ${version_cpu}), 1 thread` };
}
