import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import type { Phase, Span } from '../../../src/protocol/profile.ts';
import { Trace } from '../../../src/run/records/trace.ts';
import { ChromeTraceSchema, nestingFaults } from './chrome-trace.ts';

/** A step of 10 ms that begins at `startMs`. */
function spansOf(startMs: number, phases: Phase[] = ['input', 'compute', 'read']): Span[] {
  return phases.map((phase, index) => ({ phase, startMs: startMs + (10 * index) / phases.length, ms: 10 / phases.length }));
}

function traceOf(steps: number, evaluationEvery = Infinity): v.InferOutput<typeof ChromeTraceSchema> {
  const trace = new Trace();
  for (let step = 1; step <= steps; step++) trace.add(step, spansOf(5000 + 10 * step, step % evaluationEvery === 0 ? ['input', 'compute', 'read', 'evaluation'] : undefined));
  return v.parse(ChromeTraceSchema, JSON.parse(JSON.stringify(trace.toJson('a plan', 'member-1'))));
}

const stepsIn = ({ traceEvents }: ReturnType<typeof traceOf>) => traceEvents.filter((event) => event.ph === 'X' && event.cat === 'step').map(({ name }) => Number(name.slice('step '.length)));

test('a trace is what chrome://tracing reads: phases inside their steps, in microseconds from the first', () => {
  const trace = traceOf(3, 3);
  assert.deepEqual(nestingFaults(trace), []);
  assert.deepEqual(stepsIn(trace), [1, 2, 3]);
  const complete = trace.traceEvents.filter((event) => event.ph === 'X');
  assert.deepEqual(complete.slice(0, 3).map(({ name, ts, dur }) => [name, ts, dur]), [['step 1', 0, 10_000], ['input', 0, 3333.3], ['compute', 3333.3, 3333.3]]);
  assert.deepEqual(complete.slice(-1).map(({ name, ts }) => [name, ts]), [['evaluation', 27_500]]);
  assert.deepEqual(trace.otherData, { stepsSeen: 3, stepsKept: 3 });
  assert.deepEqual(traceOf(0).traceEvents.map(({ ph }) => ph), ['M', 'M']);
});

test('it is bounded: the first 200 steps whole, later ones thinned evenly, those with an evaluation by themselves', () => {
  const trace = traceOf(50_000, 100);
  const steps = stepsIn(trace);
  assert.ok(steps.length <= 1000 && steps.length > 600, `${steps.length}`);
  assert.deepEqual(steps.slice(0, 200), Array.from({ length: 200 }, (_, index) => index + 1));
  const later = steps.slice(200);
  assert.deepEqual(later, later.toSorted((a, b) => a - b));
  const plain = later.filter((step) => step % 100 !== 0);
  const gaps = plain.slice(1).map((step, index) => step - plain[index]);
  assert.ok(Math.max(...gaps) < 3 * Math.min(...gaps) + 3, 'evenly spread');
  assert.ok(later.some((step) => step % 100 === 0) && steps[steps.length - 1] > 49_000);
  assert.equal(trace.otherData.stepsSeen, 50_000);
  assert.equal(trace.otherData.stepsKept, steps.length);
  assert.ok(JSON.stringify(trace).length < 1e6);
});

test('what checks a trace finds phases that stick out of their step', () => {
  const trace = traceOf(2);
  const event = trace.traceEvents.find((found) => found.ph === 'X' && found.name === 'read');
  assert.ok(event?.ph === 'X');
  event.dur += 50;
  assert.deepEqual(nestingFaults(trace), ['read at 6666.7 is in no step']);
});
