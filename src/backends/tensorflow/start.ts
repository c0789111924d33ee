/**
 * Starts TensorFlow.js on the native library of the user's cache folder. The JavaScript of tfjs-node is bundled (it is the
 * same for CPU and GPU); only the addon and libtensorflow come from disk, so nothing of node_modules is needed at run time.
 */
import * as os from 'node:os';
import { join } from 'node:path';
import util from 'node:util';
import { ready, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import '@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import { StarsseError } from '../../protocol/errors.ts';
import type { Device } from '../../protocol/run.ts';
import { firstOf, nvidiaCards } from '../cards.ts';
import { registerTensorflowKernels } from './kernels.ts';
import { chooseLibrary, libraryFolder, type InstalledLibrary } from './library.ts';
import { loadOwnOperations } from './own-operations.ts';
import { registerTensorflowPixels } from './pixels.ts';
import { branchBy, threadPools, type ThreadPools } from './thread-pools.ts';

let started: { threads: number; device: Device } | null = null;

/**
 * Makes native TensorFlow the current back end of tfjs-core, once a process.
 * How threads are used is fixed by the first call: TensorFlow reads it when its library is loaded.
 *
 * @returns the device it really runs on: kind 'gpu' only if TensorFlow reports one.
 * @throws StarsseError `backend-missing` when no library is installed, `backend-failed` when it does not load.
 */
export async function startTensorflow({ threads, sideBySide = false }: { threads: number; sideBySide?: boolean }): Promise<Device> {
  if (started === null) {
    const library = chooseLibrary();
    if (library === null) {
      throw new StarsseError('backend-missing', `The native TensorFlow library is not installed in ${libraryFolder('cpu')}.`, {
        hint: 'starsse backend install',
      });
    }
    restoreRemovedNodeFunctions();
    const pools = threadPools(threads, sideBySide);
    const binding = loadBinding(library, pools);
    if (!binding.isUsingGpuDevice()) loadOwnOperations(join(library.folder, library.binding), pools.within);
    const backend = new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node');
    registerBackend('tensorflow', () => backend);
    registerTensorflowKernels();
    registerTensorflowPixels();
    started = { threads, device: await describeDevice(library, binding, threads) };
    if (started.device.kind === 'cpu') branchBy(pools);
  } else if (started.threads !== threads) {
    throw new StarsseError('internal', `TensorFlow already runs with ${started.threads} threads in this process, not with ${threads}.`);
  }
  if (!(await setBackend('tensorflow'))) {
    throw new StarsseError('backend-failed', 'TensorFlow.js did not accept the native back end.');
  }
  await ready();
  return started.device;
}

/** tfjs-node 4.22 calls these two functions of `util` in every op; Node 22 warns about them and Node 23 has removed them. */
function restoreRemovedNodeFunctions(): void {
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined, isArray: Array.isArray });
}

function loadBinding(library: InstalledLibrary, { within, between }: ThreadPools): TFJSBinding {
  // libtensorflow reads these with getenv, some when it is loaded and some at the first op; assigning calls setenv.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  process.env.CUDA_VISIBLE_DEVICES = firstOf(process.env.CUDA_VISIBLE_DEVICES);
  // A call of a graph ends when all of it is issued to the card; who reads a number waits for it.
  process.env.TF_SYNC_ON_FINISH ??= 'false';
  process.env.TF_NUM_INTRAOP_THREADS = String(within);
  // By itself TensorFlow takes oneDNN's kernels only where the processor has AVX-512 for neural networks; they are faster with AVX2 too.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  process.env.TF_NUM_INTEROP_THREADS = String(between);
  const path = join(library.folder, library.binding);
  const addon = { exports: {} as TFJSBinding };
  try {
    process.dlopen(addon, path);
  } catch (cause) {
    throw new StarsseError('backend-failed', `The native TensorFlow library does not load: ${(cause as Error).message}`, {
      hint: 'starsse backend install',
      cause,
    });
  }
  return addon.exports;
}

async function describeDevice(library: InstalledLibrary, binding: TFJSBinding, threads: number): Promise<Device> {
  const version = `TensorFlow ${binding.TF_Version}`;
  if (binding.isUsingGpuDevice()) {
    const [card] = await nvidiaCards();
    return { backend: 'tensorflow', kind: 'gpu', description: [version, 'CUDA', ...(card === undefined ? [] : [card.name])].join(', ') };
  }
  const processor = os.cpus()[0]?.model.trim() ?? process.arch;
  const note = library.kind === 'gpu' ? ', no GPU found' : '';
  return { backend: 'tensorflow', kind: 'cpu', description: `${version}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${processor}${note}` };
}
