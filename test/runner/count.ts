/** How a layer, or a part of one, went. */
export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

export const NOTHING: Count = { passed: 0, failed: 0, skipped: 0 };
export const PASSED: Count = { passed: 1, failed: 0, skipped: 0 };
export const FAILED: Count = { passed: 0, failed: 1, skipped: 0 };

export function sum(counts: Count[]): Count {
  return counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }), NOTHING);
}

/** With CI set nothing may be left out: what was skipped has failed. */
export function strict(count: Count, ci = Boolean(process.env.CI)): Count {
  return ci ? { passed: count.passed, failed: count.failed + count.skipped, skipped: 0 } : count;
}

/** `12 passed, 0 failed`; what was skipped is named only when there is some. */
export function sentence({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
