/** The plain JavaScript back end with the training kernels, for tests of arithmetic. Slow: use tiny shapes. */
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { registerComposedKernels } from '../../src/backends/composed.ts';

registerComposedKernels('cpu');
await setBackend('cpu');
