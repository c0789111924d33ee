/**
 * What a comparison at equal cost costs, in epochs of one network. With P epochs of linear probe, E of fine-tuning, K members
 * and cycles of C = floor(q E) epochs, SSE, StarSSE and FGE spend
 *   B = P + E + (K - 1) C.
 * The same B gives K independent members ceil(B / K) epochs each, P of them the probe's, and one long run P + (B - P).
 * What does not divide is rounded up, in favour of the ensemble of independent members: it spends less than K epochs more.
 */

export interface BudgetRequest {
  /** E */
  epochs: number;
  /** P; 0 without a probe. */
  probeEpochs: number;
  /** K */
  members: number;
  /** q */
  epochRatio: number;
}

export interface Budget {
  /** B */
  epochs: number;
  /** C; 0 makes no cycle. */
  cycleEpochs: number;
  /** Of a long run, without its probe. */
  longEpochs: number;
}

export function budgetOf({ epochs, probeEpochs, members, epochRatio }: BudgetRequest): Budget {
  // As in protocol/methods.ts: a product this close to an integer is that integer.
  const cycleEpochs = Math.floor(epochRatio * epochs + 1e-9);
  const all = probeEpochs + epochs + (members - 1) * cycleEpochs;
  return { epochs: all, cycleEpochs, longEpochs: all - probeEpochs };
}

/**
 * Epochs of each of `members` independent fine-tunings, without its probe. Members of Global DE are as many as its checkpoints,
 * whatever K set the budget. Below 1 the probes alone are beyond the budget.
 */
export function independentEpochs(budgetEpochs: number, members: number, probeEpochs: number): number {
  return Math.ceil(budgetEpochs / members) - probeEpochs;
}

/** The decay of an average that looks back over a twentieth of the steps: 1 - 1 / (steps / 20), at least 0.5. */
export function emaDecayOf(steps: number): number {
  return Math.max(0.5, 1 - 20 / steps);
}
