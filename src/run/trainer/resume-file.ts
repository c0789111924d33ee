/** members/<name>/resume.safetensors: weights, optimizer slots and position of one moment of training. */
import * as v from 'valibot';
import { stateFrom, stateToData, type TrainState } from '../../core/state.ts';
import { StarsseError } from '../../protocol/errors.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import { parseJson } from '../../protocol/parse.ts';
import { PositionSchema, type Position } from '../../protocol/position.ts';
import { runFiles } from '../folder.ts';
import { readSafetensors, writeSafetensors } from '../safetensors-file.ts';

const MomentSchema = v.object({ position: PositionSchema, validationAccuracy: v.nullable(v.number()) });

/** Of which member of which run the file is. */
export interface Origin {
  folder: string;
  run: string;
  member: string;
  /** Where it is when it is of no member of the run's plan. */
  file?: string;
}

export interface SavedMoment {
  state: TrainState;
  position: Position;
  /** After the last epoch that was complete; null before the first. */
  validationAccuracy: number | null;
}

/** @throws StarsseError disk */
export async function saveResume({ folder, run, member, file = runFiles.resume(folder, member) }: Origin, network: NetworkSpec, { state, position, validationAccuracy }: SavedMoment): Promise<void> {
  const moment = JSON.stringify({ position, validationAccuracy });
  await writeSafetensors(file, await stateToData(network, state), { run, member, moment });
}

/** The saved moment, or null when nothing was saved. @throws StarsseError file-invalid, mismatch */
export async function loadResume({ folder, run, member, file = runFiles.resume(folder, member) }: Origin, network: NetworkSpec): Promise<SavedMoment | null> {
  const found = await readSafetensors(file).catch((error: unknown) => {
    if (StarsseError.from(error).code === 'file-missing') return null;
    throw error;
  });
  if (found === null) return null;
  const { metadata, tensors } = found;
  if (metadata.run !== run || metadata.member !== member) {
    throw new StarsseError('file-invalid', `${file} is of ${metadata.member} of the run ${metadata.run}, not of ${member} of ${run}`, {
      hint: 'Delete it to train the member from its start.',
    });
  }
  const moment = parseJson(MomentSchema, metadata.moment ?? '', `${file}, moment`);
  return { ...moment, state: stateFrom(network, tensors, file) };
}
