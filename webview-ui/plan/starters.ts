/** What an object gets when it is turned on and some of its fields have no defaults. */
export const STARTERS: Record<string, unknown> = {
  linearProbe: { epochs: 1, learningRate: 0.1 },
  swa: { start: 0.75 },
  ema: { decay: 0.999 },
  warmup: { epochs: 1 },
  split: { validation: 0.1 },
};
