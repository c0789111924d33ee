/** A plan for another folder: the files that it names stay where they are, and are named from there. */
import path from 'node:path';
import type { Plan } from '../../protocol/plan.ts';
import type { PlanData } from '../../protocol/plan-data.ts';

/** @param from the folder of the plan as it is @param to the folder where it will lie; both absolute */
export function movedPlan(plan: Plan, from: string, to: string): Plan {
  const move = (file: string): string => {
    if (path.isAbsolute(file)) return file;
    return path.relative(to, path.resolve(from, file)).split(path.sep).join('/') || '.';
  };
  const { model, method } = plan;
  return {
    ...plan,
    model: { ...model, checkpoint: orNull(model.checkpoint, move) },
    data: movedData(plan.data, move),
    method: method.kind === 'global-de' ? { ...method, otherCheckpoints: method.otherCheckpoints.map(move) } : method,
  };
}

function movedData(data: PlanData, move: (file: string) => string): PlanData {
  switch (data.kind) {
    case 'idx': {
      const files = ({ images, labels }: typeof data.train) => ({ images: move(images), labels: move(labels) });
      return { ...data, train: files(data.train), validation: orNull(data.validation, files), test: orNull(data.test, files) };
    }
    case 'folder':
      return { ...data, train: move(data.train), validation: orNull(data.validation, move), test: orNull(data.test, move) };
    case 'manifest':
      return { ...data, file: move(data.file), root: orNull(data.root, move) };
    case 'cifar-10':
    case 'cifar-100':
      return { ...data, train: data.train.map(move), test: orNull(data.test, (files) => files.map(move)) };
    case 'npz': {
      const arrays = (part: typeof data.train) => ({ ...part, file: move(part.file) });
      return { ...data, train: arrays(data.train), validation: orNull(data.validation, arrays), test: orNull(data.test, arrays) };
    }
  }
}

function orNull<T>(value: T | null, move: (value: T) => T): T | null {
  return value === null ? null : move(value);
}
