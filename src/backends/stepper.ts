/** How a back end runs training steps best. */
import { eagerStepper, type StepperMaker } from '../core/stepper.ts';
import type { Device } from '../protocol/run.ts';
import { readingOf } from './reading.ts';
import { GraphPool } from './tensorflow/graph-pool.ts';
import { issuingStepper, tracedStepper } from './tensorflow/traced-stepper.ts';

/**
 * One call a step where the back end has graphs, else op by op. On a GPU a step is not waited for. Graphs are kept for steppers of the same kind that
 * are made later.
 * @param log is told why a step that could be one call is run op by op
 */
export function stepperOf(device: Pick<Device, 'backend' | 'kind'>, log: (line: string) => void): StepperMaker {
  if (device.backend !== 'tensorflow') return eagerStepper;
  const pool = new GraphPool();
  return (program, state, sizes) => {
    try {
      return device.kind === 'gpu' ? issuingStepper(program, state, sizes, readingOf(device).steps, pool) : tracedStepper(program, state, sizes, pool);
    } catch (error) {
      log(`The step of ${program.network.name} runs op by op: ${(error as Error).message}`);
      return eagerStepper(program, state);
    }
  };
}
