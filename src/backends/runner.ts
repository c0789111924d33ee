/** How a back end runs networks forward best. */
import { eagerRunner, type Runner, type RunnerMaker } from '../core/runner.ts';
import { StarsseError } from '../protocol/errors.ts';
import type { Device } from '../protocol/run.ts';
import { tracedRunner } from './tensorflow/traced-runner.ts';

/**
 * One call a batch where the back end has graphs, else op by op.
 * @param log is told why what could be one call is run op by op
 */
export function runnerOf({ backend }: Pick<Device, 'backend'>, log: (line: string) => void): RunnerMaker {
  if (backend !== 'tensorflow') return eagerRunner;
  return (network, normalization) => {
    const eager = eagerRunner(network, normalization);
    let traced: Runner | null = tracedRunner(network, normalization);
    const run = <R>(use: (runner: Runner) => R): R => {
      if (traced === null) return use(eager);
      try {
        return use(traced);
      } catch (error) {
        if (error instanceof StarsseError) throw error;
        log(`${network.name} runs op by op: ${(error as Error).message}`);
        traced.close();
        traced = null;
        return use(eager);
      }
    };
    return {
      network,
      normalization,
      load(weights) {
        // Copies nothing until it is used.
        eager.load(weights);
        traced?.load(weights);
      },
      logits: (images) => run((runner) => runner.logits(images)),
      statistics: (images) => run((runner) => runner.statistics(images)),
      close() {
        eager.close();
        traced?.close();
      },
    };
  };
}
