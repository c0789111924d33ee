import type { TensorInfo } from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { StarsseError } from '../../protocol/errors.ts';

type Program = Parameters<WebGPUBackend['runWebGPUProgram']>;

/**
 * The WebGPU back end, but errors stop the run. WebGPU itself reports a wrong call by an event and computes on with
 * garbage: a buffer over the device's limit, a shader that does not compile, a lost device. Here the first such event is
 * kept, and every operation and every read after it throws it.
 */
export class GuardedWebgpuBackend extends WebGPUBackend {
  #failure: StarsseError | null = null;

  constructor(device: GPUDevice, adapterInfo: GPUAdapterInfo) {
    super(device, adapterInfo);
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault(); // it is thrown, not only printed
      this.#fail(`WebGPU reported an error: ${(event as GPUUncapturedErrorEvent).error.message.trim()}`, 'Choose a smaller batch or another back end; run "starsse doctor" to see which there are.');
    });
    void device.lost.then(({ message }) => {
      this.#fail(`The GPU was lost: ${message}`, 'Resume the run; if it happens again, update the driver or choose another back end.');
    });
    limitBuffers(device);
  }

  override runWebGPUProgram(...args: Program): TensorInfo {
    this.#check();
    return super.runWebGPUProgram(...args);
  }

  override async read(dataId: object): ReturnType<WebGPUBackend['read']> {
    this.#check();
    try {
      const values = await super.read(dataId);
      this.#check();
      return values;
    } catch (cause) {
      throw this.#failure ?? StarsseError.from(cause);
    }
  }

  /** Values that are still on the CPU side. @throws StarsseError internal where the GPU has them: it cannot be waited for. */
  override readSync(dataId: object): ReturnType<WebGPUBackend['readSync']> {
    const { values } = this.tensorMap.get(dataId);
    if (values === null || values === undefined) throw new StarsseError('internal', 'dataSync() cannot read from the GPU: use data().');
    return values;
  }

  #fail(message: string, hint: string): void {
    this.#failure ??= new StarsseError('backend-failed', message, { hint });
  }

  #check(): void {
    if (this.#failure) throw this.#failure;
  }
}

/** Makes `createBuffer` throw for a buffer that the device cannot have, before anything is computed with it. */
function limitBuffers(device: GPUDevice): void {
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
    const limit = descriptor.usage & GPUBufferUsage.STORAGE ? Math.min(maxBufferSize, maxStorageBufferBindingSize) : maxBufferSize;
    if (descriptor.size > limit) {
      throw new StarsseError('backend-failed', `A tensor of ${descriptor.size} bytes is over this GPU's limit of ${limit} bytes.`, {
        hint: 'Choose a smaller batch size or another back end.',
      });
    }
    return createBuffer(descriptor);
  };
}
