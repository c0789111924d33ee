/** How the threads of a trainer are given to TensorFlow, which has a pool for the parts of an operation and one for operations side by side. */

export interface ThreadPools {
  /** Threads of one operation. The bits of a training depend on these alone. */
  within: number;
  /** Operations of a graph that run side by side. */
  between: number;
}

/**
 * A backward pass is two operations wide: the gradients of a filter and of its input. Of two threads a step of ResNet-8 with batch 64 took 74 ms
 * by operations side by side, 77 with two threads in each, 65 with both. More than two were not measured.
 */
export function threadPools(threads: number, sideBySide: boolean): ThreadPools {
  return { within: threads, between: sideBySide && threads === 2 ? 2 : 1 };
}

let branches = 1;

/** Said once TensorFlow runs on the processor with these pools. */
export function branchBy({ between }: ThreadPools): void {
  branches = between;
}

/** Parts of an evaluated batch that are branches of a graph side by side: a forward pass by itself is one operation wide. */
export function graphBranches(): number {
  return branches;
}
