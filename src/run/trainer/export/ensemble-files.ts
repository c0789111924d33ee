/** An ensemble as files: one layers model, or the members' weights side by side with what makes a mean of them. */
import path from 'node:path';
import { startBackend } from '../../../backends/choose.ts';
import { joinedNetwork, type Part } from '../../../core/ensembles/joined-network.ts';
import { checkWeights } from '../../../core/weights.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { ModelFile } from '../../../protocol/network.ts';
import { runFiles } from '../../folder.ts';
import { readSafetensors, writeSafetensors } from '../../safetensors-file.ts';
import { replaceFile, replaceJson } from '../../write.ts';
import { fullName } from '../ensembles/candidates.ts';
import { ruleOf, type StoredEnsemble } from '../ensembles/stored.ts';
import { readModel } from '../run-network.ts';
import { tfjsFiles } from './tfjs-files.ts';

/** The networks of an ensemble, read. @throws StarsseError file-missing, file-invalid, mismatch for another normalization */
export async function readParts(folder: string, { members }: StoredEnsemble): Promise<Part[]> {
  const own = await readModel(folder);
  const parts: Part[] = [];
  for (const member of members) {
    const from = member.folder ?? folder;
    const { network, normalization } = member.folder === null ? own : await readModel(from);
    if (JSON.stringify(normalization) !== JSON.stringify(own.normalization)) {
      throw new StarsseError('mismatch', `${fullName(member)} sees images with mean ${normalization.mean.join(', ')} and std ${normalization.std.join(', ')}, this run with ${own.normalization.mean.join(', ')} and ${own.normalization.std.join(', ')}`, {
        hint: 'One model takes its images in one form. Export the members one by one.',
      });
    }
    const file = runFiles.snapshot(from, member.name);
    const { tensors } = await readSafetensors(file);
    checkWeights(network, tensors, file);
    parts.push({ name: fullName(member), network, tensors, weight: member.weight });
  }
  return parts;
}

/** One model: shared images, the mean as output. @throws StarsseError usage, listing the layers that such a model cannot have */
export async function writeEnsembleTfjs(inside: string, model: ModelFile, parts: readonly Part[], { name, mean }: StoredEnsemble, run: string): Promise<void> {
  const { network, tensors } = joinedNetwork(parts, ruleOf(mean), name);
  if (network.layers.some(({ kind }) => kind === 'keras')) await startBackend('wasm', { threads: 1 });
  const about = { run, name, output: mean === 'logit' ? 'logits' : 'probabilities' };
  for (const { name: file, content } of tfjsFiles({ ...model, network }, tensors, about)) await replaceFile(path.join(inside, file), [content]);
}

/** A file of weights a member, and ensemble.json. */
export async function writeEnsembleSafetensors(inside: string, { normalization, classNames }: ModelFile, parts: readonly Part[], { name, mean }: StoredEnsemble, run: string): Promise<void> {
  const members: { file: string; network: string; weight: number }[] = [];
  for (const { name: member, network, tensors, weight } of parts) {
    const file = fileOf(member);
    await writeSafetensors(path.join(inside, file), [...tensors], { format: 'pt', name: member });
    members.push({ file, network: network.name, weight });
  }
  await replaceJson(path.join(inside, 'ensemble.json'), { name, run, mean, members, inputShape: parts[0].network.inputShape, normalization, classNames });
}

function fileOf(member: string): string {
  return `${member.replaceAll('/', '.')}.safetensors`;
}
