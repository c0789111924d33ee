/** How the threads of a trainer are given to TensorFlow, which has a pool for the parts of an operation and one for operations side by side. */

export interface ThreadPools {
  /** Threads of one operation. The bits of a training depend on these alone. */
  within: number;
  /** Operations of a graph that run side by side. */
  between: number;
}

/**
 * A backward pass is two operations wide: the gradients of a filter and of its input. Two threads between operations made a step of ResNet-8 with
 * batch 64 1.6 times as fast as one, with no more work of the processor; two within each operation 1.4 times, with a fifth more work. More than two
 * were not measured.
 */
export function threadPools(threads: number, sideBySide: boolean): ThreadPools {
  return sideBySide && threads === 2 ? { within: 1, between: 2 } : { within: threads, between: 1 };
}

let branches = 1;

/** Said once TensorFlow runs on the processor with these pools. */
export function branchBy({ within, between }: ThreadPools): void {
  branches = within === 1 ? between : 1;
}

/** Parts of an evaluated batch that are branches of a graph side by side: a forward pass by itself is one operation wide. */
export function graphBranches(): number {
  return branches;
}
