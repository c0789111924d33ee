/** A run whose networks were not trained but made: what analyses of the space of weights need, in a moment. */
import path from 'node:path';
import type { TestContext } from 'node:test';
import { builtinNetwork, type BuiltinName } from '../../../src/core/builtin.ts';
import { combine, hostWeights, hostWeightsToData } from '../../../src/core/basin/host-weights.ts';
import { initialWeights } from '../../../src/core/initialise.ts';
import { readRun, readState, runFiles } from '../../../src/run/folder.ts';
import { writeSafetensors } from '../../../src/run/safetensors-file.ts';
import { createRun } from '../../../src/run/trainer/create-run.ts';
import { writeSnapshot } from '../../../src/run/trainer/snapshot.ts';
import { replaceJson } from '../../../src/run/write.ts';
import { writeTinyPlan } from '../../fixtures/tiny-plan.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** How far members 2 and 3 have gone from member 1 towards a network of their own. */
const SHARES = [0, 0.2, 1];

/**
 * Three members that are done, a soup, and a checkpoint with another head.
 * @returns the run's folder
 */
export async function madeRun(t: TestContext, name: BuiltinName = 'mlp'): Promise<string> {
  const parent = temporaryFolder(t);
  const plan = writeTinyPlan(parent, { model: { network: name, checkpoint: 'start.safetensors' } });
  await writeSafetensors(path.join(parent, 'start.safetensors'), initialWeights(builtinNetwork(name, [8, 8, 1], 5), 9), {});
  const { folder } = await createRun(plan, path.join(parent, 'runs'), { backend: 'wasm' });
  const run = await readRun(folder);
  const network = builtinNetwork(name, [8, 8, 1], 3);
  const [first, ...others] = [1, 2, 3].map((seed) => hostWeights(network, initialWeights(network, seed)));
  for (const [index, { name: member }] of run.members.entries()) {
    const weights = index === 0 ? first : combine([first, others[index - 1]], [1 - SHARES[index], SHARES[index]]);
    await writeSnapshot(folder, run, hostWeightsToData(network, weights), { name: member, parents: ['member-1'], rule: null, metrics: {} });
    await replaceJson(runFiles.state(folder, member), { ...(await readState(folder, member)), status: 'done' });
  }
  const soup = combine([first, others[0]], [0.9, 0.1]);
  await writeSnapshot(folder, run, hostWeightsToData(network, soup), { name: 'soup-uniform-1', parents: ['member-1', 'member-2'], rule: 'uniform', metrics: {} });
  return folder;
}

export interface Told {
  context: { signal: AbortSignal; onProgress: (progress: { fraction: number | null; message: string }) => void };
  messages: string[];
}

/** What a task listens to; it is cancelled at the so many-th message. */
export function context(cancelAt = Infinity): Told {
  const cancel = new AbortController();
  const messages: string[] = [];
  const onProgress = ({ message }: { message: string }): void => {
    messages.push(message);
    if (messages.length === cancelAt) cancel.abort(Object.assign(new Error('cancelled'), { code: 'cancelled' }));
  };
  return { context: { signal: cancel.signal, onProgress }, messages };
}
