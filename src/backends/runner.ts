/** How a back end runs networks forward best. */
import { eagerRunner, type RunnerMaker } from '../core/runner.ts';
import type { Device } from '../protocol/run.ts';

/** @param log is told why what could be one call is run op by op */
export function runnerOf(device: Pick<Device, 'backend'>, log: (line: string) => void): RunnerMaker {
  void [device, log];
  return eagerRunner;
}
