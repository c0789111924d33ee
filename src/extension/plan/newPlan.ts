import type { PlanInput } from '../../protocol/plan.ts';

/** A plan to fill in: five StarSSE members of a small residual network on MNIST-like files beside it. */
export function newPlan(name: string): PlanInput {
  return {
    name,
    model: { network: 'resnet-8', checkpoint: null },
    data: {
      kind: 'idx',
      train: { images: 'data/train-images-idx3-ubyte', labels: 'data/train-labels-idx1-ubyte' },
      test: { images: 'data/t10k-images-idx3-ubyte', labels: 'data/t10k-labels-idx1-ubyte' },
      split: { train: 1000, validation: 1000, seed: 0 },
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    },
    method: { kind: 'starsse', members: 5, cycle: { lrRatio: 1, epochRatio: 1 } },
    training: { epochs: 20, batchSize: 64, optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.0005 } },
    seed: 0,
  };
}
