/** `method` of a plan: what each member starts from, and the cycles. */
import * as v from 'valibot';
import { count, notNegative, path, positive, rate, share } from './plan-fields.ts';

const cycleFields = {
  lrRatio: v.optional(v.pipe(notNegative, v.description('Cycle learning rate = lrRatio x learning rate.')), 1),
  epochRatio: v.optional(v.pipe(positive, v.description('Cycle length = floor(epochRatio x epochs).')), 1),
  resetOptimizer: v.optional(v.pipe(v.boolean(), v.description('Start each cycle with fresh optimizer state.')), true),
};
const cycle = v.optional(
  v.pipe(
    v.strictObject({
      ...cycleFields,
      warmupEpochs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.description('Warm-up epochs inside each cycle.')), 0),
      warmup: v.optional(v.pipe(v.picklist(['rise', 'hold']), v.description('rise = in equal steps to the peak; hold = at the peak from the start.')), 'rise'),
    }),
    v.description('The learning-rate cycle of members 2..K.'),
  ),
  {},
);
const triangle = v.optional(v.pipe(v.strictObject(cycleFields), v.description('The triangle of members 2..K: from 1 % of the cycle learning rate up to it and back, step by step.')), {});

const members = v.optional(v.pipe(count, v.maxValue(100), v.description('Number of members, K.')), 5);

/** What becomes of the checkpoint's last layer. The default of a method is the one of the authors. */
const oneHead = v.optional(v.pipe(v.picklist(['new', 'kept']), v.description("new = a new last layer; kept = the checkpoint's, which must have as many classes.")), 'new');
const manyHeads = v.optional(
  v.pipe(v.picklist(['new', 'shared', 'kept']), v.description("new = a new last layer for each member; shared = the same new one for all; kept = the checkpoint's.")),
  'new',
);
const linearProbe = v.optional(
  v.nullable(
    v.pipe(
      v.strictObject({ epochs: count, learningRate: positive }),
      v.description('First train only the last layer, at a constant rate; null = train everything at once.'),
    ),
  ),
  null,
);

export const MethodSchema = v.pipe(
  v.variant('kind', [
    v.strictObject({
      kind: v.pipe(v.literal('fine-tuning'), v.description('One network, and the averages of its own training: the baseline of every comparison.')),
      head: oneHead,
      linearProbe,
      swa: v.optional(
        v.nullable(
          v.pipe(
            v.strictObject({
              start: v.pipe(share, v.description('Share of the epochs after which the average begins.')),
              learningRate: v.optional(v.nullable(v.pipe(positive, v.description('Constant rate from there on; null = the schedule goes on.'))), null),
            }),
            v.description('Stochastic weight averaging: the mean of the weights after each later epoch.'),
          ),
        ),
        null,
      ),
      ema: v.optional(
        v.nullable(v.pipe(v.strictObject({ decay: v.pipe(rate, v.description('average = decay x average + (1 - decay) x weights, each step.')) }), v.description('Exponential moving average of the weights.'))),
        null,
      ),
    }),
    v.strictObject({ kind: v.pipe(v.literal('starsse'), v.description('Every later member starts from member 1 with one cycle.')), members, head: oneHead, linearProbe, cycle }),
    v.strictObject({ kind: v.pipe(v.literal('sse'), v.description('Every later member starts from the one before with one cycle.')), members, head: oneHead, linearProbe, cycle }),
    v.strictObject({
      kind: v.pipe(v.literal('fge'), v.description('As SSE or StarSSE, with triangles that change the rate every step.')),
      shape: v.optional(v.pipe(v.picklist(['chain', 'star']), v.description('chain = from the member before; star = from member 1.')), 'chain'),
      members,
      head: oneHead,
      linearProbe,
      cycle: triangle,
    }),
    v.strictObject({ kind: v.pipe(v.literal('local-de'), v.description('Independent fine-tunings of one checkpoint.')), members, head: manyHeads, linearProbe }),
    v.strictObject({
      kind: v.pipe(v.literal('global-de'), v.description('Fine-tunings of several checkpoints, one a member.')),
      otherCheckpoints: v.pipe(v.array(path), v.minLength(1), v.description('Checkpoints of members 2..K; member 1 starts from model.checkpoint.')),
      head: manyHeads,
      linearProbe,
    }),
  ]),
  v.description('How the members are made.'),
);
export type Method = v.InferOutput<typeof MethodSchema>;
