/** What of the "Trace Event Format" our traces use, and whether they nest. */
import * as v from 'valibot';

const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const id = v.pipe(v.number(), v.integer());

export const ChromeTraceSchema = v.strictObject({
  traceEvents: v.array(v.variant('ph', [
    v.strictObject({ ph: v.literal('X'), name: v.string(), cat: v.picklist(['step', 'phase']), ts: time, dur: time, pid: id, tid: id }),
    v.strictObject({ ph: v.literal('M'), name: v.picklist(['process_name', 'thread_name']), pid: id, tid: id, args: v.strictObject({ name: v.string() }) }),
  ])),
  displayTimeUnit: v.literal('ms'),
  otherData: v.strictObject({ stepsSeen: id, stepsKept: id }),
});

/** Phases that lie in no step, give or take what rounding moves. */
export function nestingFaults({ traceEvents }: v.InferOutput<typeof ChromeTraceSchema>): string[] {
  const complete = traceEvents.filter((event) => event.ph === 'X');
  const steps = complete.filter(({ cat }) => cat === 'step');
  const inside = (ts: number, dur: number): boolean => steps.some((step) => ts >= step.ts - 0.5 && ts + dur <= step.ts + step.dur + 0.5);
  return complete.filter(({ cat, ts, dur }) => cat === 'phase' && !inside(ts, dur)).map(({ name, ts }) => `${name} at ${ts} is in no step`);
}
