/** What the members of a run start from: checkpoints, each read, fitted to the network and fingerprinted. */
import path from 'node:path';
import { builtinNetwork } from '../../core/builtin.ts';
import { fitWeights } from '../../core/fit-weights.ts';
import { resolveNormalization, type Normalization } from '../../core/normalization.ts';
import { StarsseError } from '../../protocol/errors.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import type { Plan } from '../../protocol/plan.ts';
import type { Member, Run } from '../../protocol/run.ts';
import type { TensorData } from '../../protocol/tensor.ts';
import { readCheckpoint, type Checkpoint } from './checkpoint/read-checkpoint.ts';

export interface Starts {
  network: NetworkSpec;
  normalization: Normalization;
  /** SHA-256 of each checkpoint, by the name that the plan gives it. */
  fingerprints: Record<string, string>;
}

/**
 * The network that all members train, and their checkpoints, checked.
 * @param inputShape [height, width, channels] of what the network sees
 * @throws StarsseError plan-invalid, file-missing, file-invalid, mismatch, data-invalid
 */
export async function readStarts(plan: Plan, planPath: string, members: readonly Member[], inputShape: [number, number, number], classes: number): Promise<Starts> {
  const fingerprints: Record<string, string> = {};
  let network = builtin(plan, inputShape, classes);
  let normalization: Normalization | null = null;
  for (const { checkpoint = null, headSeed } of members) {
    if (checkpoint === null || checkpoint in fingerprints) continue;
    const what = absolute(planPath, checkpoint);
    const read = await readCheckpoint(what, headSeed === null ? { inputShape } : { inputShape, classes });
    refuseTwoNetworks(plan, read, what);
    const first = Object.keys(fingerprints).length === 0;
    network ??= ofClasses(read.network ?? noNetwork(what), classes, what);
    if (!first && plan.data.normalization === 'auto' && JSON.stringify(read.normalization) !== JSON.stringify(normalization)) {
      throw new StarsseError('plan-invalid', `data.normalization is "auto", and ${what} was trained with another normalization than the checkpoint of member 1`, {
        hint: 'Write the normalization into the plan.',
      });
    }
    normalization = read.normalization;
    fitted(network, read.tensors, headSeed, classes, what);
    fingerprints[checkpoint] = read.fingerprint;
  }
  if (network === null) {
    throw new StarsseError('plan-invalid', 'model.network and model.checkpoint are both null: there is nothing to train', { hint: 'Name a built-in network, or a checkpoint that describes one.' });
  }
  return { network, normalization: resolveNormalization(plan.data.normalization, plan.model.network, normalization, inputShape[2]), fingerprints };
}

/**
 * The weights from which a fine-tuning starts, with the head that it asks for; null for a start from scratch.
 * @throws StarsseError data-invalid when the checkpoint is not what it was when the run was made; file-missing, file-invalid, mismatch
 */
export async function startTensors(run: Run, { checkpoint = run.plan.model.checkpoint, headSeed }: Member, network: NetworkSpec): Promise<{ tensors: TensorData[]; what: string } | null> {
  if (checkpoint === null) return null;
  const what = absolute(run.planPath, checkpoint);
  const { inputShape, classes } = network;
  const { tensors, fingerprint } = await readCheckpoint(what, { inputShape, classes });
  if (fingerprint !== (run.checkpointFingerprints[checkpoint] ?? run.checkpointFingerprint)) {
    throw new StarsseError('data-invalid', `The checkpoint ${what} is not what it was when the run was made`, { hint: 'Put the old file back, or start a new run.' });
  }
  return { tensors: fitted(network, tensors, headSeed, classes, what), what };
}

function absolute(planPath: string, checkpoint: string): string {
  return path.resolve(path.dirname(planPath), checkpoint);
}

function builtin({ model: { network, dropout, dropPath } }: Plan, inputShape: [number, number, number], classes: number): NetworkSpec | null {
  return network === null ? null : builtinNetwork(network, inputShape, classes, { dropout, dropPath });
}

function noNetwork(what: string): never {
  throw new StarsseError('plan-invalid', `model.network is null, and ${what} holds weights alone`, { hint: 'Name the built-in network that these weights belong to.' });
}

function refuseTwoNetworks({ model }: Plan, { network }: Checkpoint, what: string): void {
  if (network === null || model.network === null) return;
  throw new StarsseError('plan-invalid', `model.network is "${model.network}", and ${what} describes a network of its own`, { hint: 'Leave model.network out to train that one.' });
}

/** @param headSeed of a new head; null keeps the one of the checkpoint. @throws StarsseError mismatch */
function fitted(network: NetworkSpec, tensors: TensorData[], headSeed: number | null, classes: number, what: string): TensorData[] {
  if (headSeed !== null) return fitWeights(network, tensors, { headSeed, what });
  try {
    return fitWeights(network, tensors, { headSeed, what });
  } catch (error) {
    fitWeights(network, tensors, { headSeed: 0, what }); // throws when not only the head is at fault
    throw otherClasses(what, classes, StarsseError.from(error).message);
  }
}

/** The network of a checkpoint whose head is kept may have other classes. */
function ofClasses(network: NetworkSpec, classes: number, what: string): NetworkSpec {
  if (network.classes !== classes) throw otherClasses(what, classes, `It has ${network.classes}.`);
  return network;
}

function otherClasses(what: string, classes: number, detail: string): StarsseError {
  return new StarsseError('mismatch', `method.head is "kept", and the last layer of ${what} is not one of ${classes} classes. ${detail}`, {
    hint: 'Set method.head to "new", or name a checkpoint of the same classes.',
  });
}
