import type { PlanInput } from '../../protocol/plan.ts';
import { methodOf, type Preset } from './presets.ts';

export interface NewPlan {
  name: string;
  data: PlanInput['data'];
  model: PlanInput['model'];
  preset: Preset;
}

/** A plan to go on from: a small training of what was chosen. */
export function newPlan({ name, data, model, preset }: NewPlan): PlanInput {
  const flips = data.kind !== 'idx' && data.kind !== 'npz';
  return {
    name,
    model,
    data,
    method: methodOf(preset),
    training: {
      epochs: 20,
      batchSize: 64,
      optimizer: { kind: 'sgd', learningRate: model.checkpoint == null ? 0.1 : 0.05, momentum: 0.9, weightDecay: 0.0005 },
      ...(data.kind === 'npz' ? {} : { augmentation: { cropPadding: flips ? 4 : 2, flip: flips } }),
    },
    seed: 0,
  };
}
