import { swin, type SwinStage } from '../../src/core/builtin/swin.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';

/** A Swin transformer of any size, for tests. */
export function smallSwin(inputShape: [number, number, number], stages: readonly SwinStage[], dropPath = 0): NetworkSpec {
  return { name: 'small-swin', inputShape, classes: 10, head: 'head.fc', layers: swin(stages)(10, inputShape, dropPath) };
}
