/** Networks run forward, for tests. */
import { eagerRunner, type Runner } from '../../src/core/runner.ts';
import type { Normalization } from '../../src/core/normalization.ts';
import { disposeTensors, weightsFrom, type Weights } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';

/** What `use` gives of a runner that has weights, those of a file or in memory. */
export async function withRunner<R>(network: NetworkSpec, given: readonly TensorData[] | Weights, normalization: Normalization, use: (runner: Runner) => Promise<R>): Promise<R> {
  const runner = eagerRunner(network, normalization);
  const weights = given instanceof Map ? null : weightsFrom(network, given as readonly TensorData[], 'test');
  try {
    runner.load(weights ?? (given as Weights));
    return await use(runner);
  } finally {
    runner.close();
    if (weights !== null) disposeTensors(weights);
  }
}
