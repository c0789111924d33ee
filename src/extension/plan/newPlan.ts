import type { PlanInput } from '../../protocol/plan.ts';

export const DATA_KINDS = ['folder', 'manifest', 'idx', 'cifar-10', 'npz'] as const;
export type DataKind = (typeof DATA_KINDS)[number];

/** A plan to fill in: five StarSSE members of a small residual network on data of that kind beside it. */
export function newPlan(name: string, kind: DataKind): PlanInput {
  return {
    name,
    model: { network: kind === 'npz' ? 'mlp' : 'resnet-8', checkpoint: null },
    data: dataOf(kind),
    method: { kind: 'starsse', members: 5, cycle: { lrRatio: 1, epochRatio: 1 } },
    training: {
      epochs: 20,
      batchSize: 64,
      optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.0005 },
      ...(kind === 'npz' ? {} : { augmentation: { cropPadding: kind === 'idx' ? 2 : 4, flip: kind !== 'idx' } }),
    },
    seed: 0,
  };
}

function dataOf(kind: DataKind): PlanInput['data'] {
  switch (kind) {
    case 'folder':
      return { kind, train: 'data/train', test: 'data/test', split: { validation: 0.1, seed: 0 }, image: { size: 32 } };
    case 'manifest':
      return { kind, file: 'data/images.csv', split: { validation: 0.1, test: 0.2, seed: 0 }, image: { size: 32 } };
    case 'idx':
      return {
        kind,
        train: { images: 'data/train-images-idx3-ubyte', labels: 'data/train-labels-idx1-ubyte' },
        test: { images: 'data/t10k-images-idx3-ubyte', labels: 'data/t10k-labels-idx1-ubyte' },
        split: { train: 1000, validation: 1000, seed: 0 },
        classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      };
    case 'cifar-10':
      return { kind, train: [1, 2, 3, 4, 5].map((part) => `data/data_batch_${part}.bin`), test: ['data/test_batch.bin'], split: { validation: 5000, seed: 0 } };
    case 'npz':
      return { kind, train: { file: 'data/train.npz' }, test: { file: 'data/test.npz' }, split: { validation: 0.1, seed: 0 } };
  }
}
