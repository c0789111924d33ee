/** When the figures of training steps are worth a wait. */
import { EVERY_STEP, type Reading } from '../core/unread-steps.ts';
import type { Device } from '../protocol/run.ts';

/** At most 10 readings a second, and never more than so many steps of which the device may be behind. */
const NOW_AND_THEN: Reading = { steps: 32, ms: 100 };

/**
 * A device beside the processor goes on while the program does, unless it is waited for. On the processor itself a step is over
 * when its call returns, and its figures cost nothing.
 */
export function readingOf({ backend, kind }: Pick<Device, 'backend' | 'kind'>): Reading {
  return kind === 'gpu' || backend === 'webgpu' ? NOW_AND_THEN : EVERY_STEP;
}
