/** Which files and folders a plan names, and where. */
import type { PlanData } from './plan-data.ts';
import type { Plan } from './plan.ts';

export interface NamedFile {
  keys: (string | number)[];
  /** As the plan writes it, relative to the plan. */
  file: string;
}

export function filesNamedBy({ data, model, method }: Plan): NamedFile[] {
  const checkpoints = [
    { keys: ['model', 'checkpoint'], file: model.checkpoint },
    ...(method.kind === 'global-de' ? method.otherCheckpoints.map((file, index) => ({ keys: ['method', 'otherCheckpoints', index], file })) : []),
  ];
  return [...dataFiles(data), ...checkpoints].filter((named): named is NamedFile => named.file !== null);
}

function dataFiles(data: PlanData): { keys: (string | number)[]; file: string | null }[] {
  switch (data.kind) {
    case 'manifest':
      return [
        { keys: ['data', 'file'], file: data.file },
        { keys: ['data', 'root'], file: data.root },
      ];
    case 'cifar-10':
    case 'cifar-100':
      return (['train', 'test'] as const).flatMap((set) => (data[set] ?? []).map((file, index) => ({ keys: ['data', set, index], file })));
    case 'folder':
      return (['train', 'validation', 'test'] as const).map((set) => ({ keys: ['data', set], file: data[set] }));
    case 'npz':
      return (['train', 'validation', 'test'] as const).map((set) => ({ keys: ['data', set, 'file'], file: data[set]?.file ?? null }));
    case 'idx':
      return (['train', 'validation', 'test'] as const).flatMap((set) => {
        const files = data[set];
        return files === null ? [] : (['images', 'labels'] as const).map((what) => ({ keys: ['data', set, what], file: files[what] }));
      });
  }
}
