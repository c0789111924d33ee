/** The way of a member of a run through the space of weights: what it is measured from, and where its first step is kept. */
import { access } from 'node:fs/promises';
import { hostWeights, hostWeightsToData, type HostWeights } from '../../../core/basin/host-weights.ts';
import { Trajectory, trajectoryEvery, type FirstWeights, type Landmarks } from '../../../core/basin/trajectory.ts';
import { initialWeights } from '../../../core/initialise.ts';
import type { NetworkSpec } from '../../../protocol/network.ts';
import type { Member, Run } from '../../../protocol/run.ts';
import { runFiles } from '../../folder.ts';
import { readSafetensors, writeSafetensors } from '../../safetensors-file.ts';
import { startTensors } from '../checkpoints.ts';
import { readSnapshot } from '../snapshot.ts';

/** @param images of an epoch */
export function memberTrajectory(folder: string, run: Run, member: Member, network: NetworkSpec, images: number): Trajectory {
  return new Trajectory(network, trajectoryEvery(network, images), async () => await landmarks(folder, run, member, network), firstWeights(folder, member, network));
}

async function landmarks(folder: string, run: Run, member: Member, network: NetworkSpec): Promise<Landmarks> {
  const root = rootOf(run, member);
  const checkpoint = await startTensors(run, root, network);
  const origin = hostWeights(network, checkpoint?.tensors ?? initialWeights(network, root.headSeed!), 'The start');
  const snapshot = async (name: string): Promise<HostWeights> => hostWeights(network, await readSnapshot(folder, name), name);
  const start = member.startsFrom === 'pretrained' ? origin : await snapshot(member.startsFrom);
  const [{ name: first }] = run.members;
  return {
    start,
    pretrained: checkpoint === null ? null : { weights: origin, hasHead: root.headSeed === null },
    member1: member.name === first ? null : member.startsFrom === first ? start : (await isThere(runFiles.snapshot(folder, first))) ? await snapshot(first) : null,
  };
}

/** The member that was fine-tuned from a checkpoint and from which this one descends; itself, if it was. */
function rootOf(run: Run, member: Member): Member {
  let root = member;
  while (root.startsFrom !== 'pretrained') root = run.members.find(({ name }) => name === root.startsFrom)!;
  return root;
}

function firstWeights(folder: string, { name }: Member, network: NetworkSpec): FirstWeights {
  const file = runFiles.firstEpoch(folder, name);
  return {
    async read() {
      return (await isThere(file)) ? hostWeights(network, (await readSafetensors(file)).tensors, file) : null;
    },
    async write(weights) {
      await writeSafetensors(file, hostWeightsToData(network, weights), { name });
    },
  };
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(() => true, () => false);
}
