import { findBackendFactory, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { StarsseError } from '../../protocol/errors.ts';
import type { Device } from '../../protocol/run.ts';
import { registerComposedKernels } from '../composed.ts';
import { loadDawn } from './dawn.ts';
import { registerWebgpuPixels } from './pixels.ts';

export interface WebgpuOptions {
  /** Accept a driver that computes on the processor (SwiftShader, llvmpipe): for tests, far slower than WASM. */
  allowSoftware?: boolean;
  /** Of no effect: the GPU has its own. One signature for all back ends. */
  threads?: number | undefined;
}

/** Newer than the types that TensorFlow.js brings. */
interface Adapter extends GPUAdapter {
  readonly info: GPUAdapterInfo & { readonly isFallbackAdapter?: boolean };
}

/**
 * Makes `webgpu` the current back end of TensorFlow.js, on Dawn's best adapter. Values are read with `await data()`.
 * Errors of the device are thrown by the next operation or read.
 * @returns kind 'gpu' and the adapter's name, or 'cpu' for a software driver.
 * @throws StarsseError backend-missing without Dawn, without an adapter, or with a software driver that is not allowed.
 */
export async function startWebgpu({ allowSoftware = false }: WebgpuOptions = {}): Promise<Device> {
  const dawn = await loadDawn();
  const gpu = dawn.create([]);
  const adapter = (await gpu.requestAdapter({ powerPreference: 'high-performance' })) as Adapter | null;
  if (adapter === null) {
    throw new StarsseError('backend-missing', 'Dawn finds no GPU on this machine.', {
      hint: 'Install the GPU\'s driver (on Linux also the Vulkan loader, libvulkan1), or choose another back end.',
    });
  }
  const name = adapterName(adapter.info);
  const software = isSoftware(adapter.info);
  if (software && !allowSoftware) {
    throw new StarsseError('backend-missing', `The only WebGPU adapter is ${name}, a driver that computes on the processor, far slower than the back end "wasm".`, {
      hint: 'Install the GPU\'s driver, or choose another back end.',
    });
  }
  const device = await adapter.requestDevice({ requiredLimits: neededLimits(adapter.limits) });
  // Loaded before there is a `navigator.gpu`, for which it would register a back end of its own.
  const { GuardedWebgpuBackend } = await import(/* webpackMode: "eager" */ './guarded-backend.ts');
  installGlobals(gpu, dawn.globals);
  registerWebgpuPixels();
  registerComposedKernels('webgpu');
  if (findBackendFactory('webgpu') !== null) removeBackend('webgpu'); // that of an earlier start
  registerBackend('webgpu', () => new GuardedWebgpuBackend(device, adapter.info));
  if (!(await setBackend('webgpu'))) throw new StarsseError('backend-failed', `TensorFlow.js does not start on ${name}.`, { hint: 'Choose another back end.' });
  return { backend: 'webgpu', kind: software ? 'cpu' : 'gpu', description: `WebGPU (Dawn ${dawn.version}), ${name}` };
}

/** All that the adapter has of what TensorFlow.js uses: the defaults are small. */
function neededLimits(limits: GPUSupportedLimits): Record<string, number> {
  const {
    maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize, maxComputeWorkgroupsPerDimension,
    maxComputeWorkgroupSizeX, maxComputeInvocationsPerWorkgroup,
  } = limits;
  return {
    maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize, maxComputeWorkgroupsPerDimension,
    maxComputeWorkgroupSizeX, maxComputeInvocationsPerWorkgroup,
  };
}

/** TensorFlow.js looks for `navigator.gpu` and for the constants that browsers have as globals. */
function installGlobals(gpu: GPU, globals: Record<string, unknown>): void {
  Object.assign(globalThis, globals);
  const scope = globalThis as { navigator?: object };
  scope.navigator ??= {}; // Node 20 has none
  Object.defineProperty(scope.navigator, 'gpu', { value: gpu, configurable: true });
}

function adapterName({ description, device, vendor, architecture }: GPUAdapterInfo): string {
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'an adapter without a name';
}

/** Dawn marks SwiftShader and the like as fallback adapters; Mesa's software driver goes by its name. */
function isSoftware(info: Adapter['info']): boolean {
  return info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|microsoft basic render/i.test(`${info.description} ${info.device} ${info.architecture}`);
}
