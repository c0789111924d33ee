/** What the charts draw, as points over the epochs of the whole experiment. */
import type { Member, RunView } from '../../src/protocol/run.ts';
import { changesByStep, cornerSteps, epochsOf, learningRateAt, learningRates } from '../../src/protocol/schedule.ts';
import type { History } from './history.ts';
import type { Point } from '../charts/plot/series.ts';
import { remembered } from './remember.ts';
import { smooth } from './smooth.ts';
import { epochOf, spansOf, type Span } from './timeline.ts';

/** `raw` is the value itself where `y` is smoothed. */
export interface SmoothedPoint extends Point {
  raw: number;
}
export interface LossCurve {
  raw: Point[];
  smoothed: SmoothedPoint[];
}

type HistoryOf = (member: string) => History;

/** Training loss by step, as it is and smoothed. */
export function lossCurve(history: History, span: Span, stepsPerEpoch: number, weight: number): LossCurve {
  return remembered(history, 'loss', `${span.start} ${stepsPerEpoch} ${weight}`, () => newLossCurve(history, span, stepsPerEpoch, weight));
}

function newLossCurve(history: History, span: Span, stepsPerEpoch: number, weight: number): LossCurve {
  const steps = history.rows.filter((row) => row.kind === 'step');
  const averages = smooth(steps.map((row) => row.loss), weight);
  const raw = steps.map((row) => ({ x: epochOf(row, span, stepsPerEpoch), y: row.loss }));
  return { raw, smoothed: raw.map(({ x, y }, index) => ({ x, y: averages[index], raw: y })) };
}

/** Validation accuracy at the end of each epoch. */
export function validationCurve(history: History, span: Span, stepsPerEpoch: number): Point[] {
  return remembered(history, 'validation', `${span.start} ${stepsPerEpoch}`, () =>
    history.rows.filter((row) => row.kind === 'epoch').map((row) => ({ x: epochOf(row, span, stepsPerEpoch), y: row.validationAccuracy })),
  );
}

/** So many points show a rate that changes every step; a chart has no room for more. */
const MOST_STEPS_DRAWN = 600;

/** The learning rate of a member's plan. Where it is constant within an epoch each epoch is a stair; else each drawn step is one. */
export function plannedRate(member: Member, span: Span, stepsPerEpoch: number): Point[] {
  const epochs = epochsOf(member);
  const stairs = changesByStep(member)
    ? drawnSteps(member, stepsPerEpoch).map((step) => ({ step, length: 1 }))
    : Array.from({ length: epochs }, (_, epoch) => ({ step: epoch * stepsPerEpoch, length: stepsPerEpoch }));
  return stairs.flatMap(({ step, length }) => {
    const y = learningRateAt(member, step, stepsPerEpoch);
    return [
      { x: span.start + step / stepsPerEpoch, y },
      { x: span.start + (step + length) / stepsPerEpoch, y },
    ];
  });
}

/** Every step, or every n-th one of many; always those at which the rate has a corner or jumps, and those before. */
function drawnSteps(member: Member, stepsPerEpoch: number): number[] {
  const steps = epochsOf(member) * stepsPerEpoch;
  const every = Math.ceil(steps / MOST_STEPS_DRAWN);
  const drawn = new Set([steps - 1, ...cornerSteps(member, stepsPerEpoch).flatMap((corner) => (corner === 0 ? [0] : [corner - 1, corner]))]);
  for (let step = 0; step < steps; step += every) drawn.add(step);
  return [...drawn].sort((a, b) => a - b);
}

/** The learning rate with which a member really has trained, as far as it has come. */
export function reachedRate(history: History, member: Member, span: Span, stepsPerEpoch: number): Point[] {
  return remembered(history, 'rate', `${span.start} ${stepsPerEpoch}`, () => newReachedRate(history, member, span, stepsPerEpoch));
}

function newReachedRate(history: History, member: Member, span: Span, stepsPerEpoch: number): Point[] {
  const byStep = changesByStep(member);
  const points: Point[] = [];
  let rate: number | null = null;
  for (const row of history.rows) {
    if (row.kind !== 'step') continue;
    const x = epochOf(row, span, stepsPerEpoch);
    if (row.learningRate === rate) {
      points[points.length - 1] = { x, y: rate };
    } else {
      // The change came at the start of the epoch (or step) at the latest, at the end of the row before at the earliest.
      const since = Math.max(points.at(-1)?.x ?? span.start, byStep ? x - 1 / stepsPerEpoch : span.start + row.epoch);
      points.push({ x: since, y: row.learningRate }, { x, y: row.learningRate });
      rate = row.learningRate;
    }
  }
  return points;
}

/** Plans that coincide are one line. */
export interface PlannedLine {
  members: string[];
  points: Point[];
}

export function plannedLines(run: RunView): PlannedLine[] {
  return remembered(run, 'plan', run.stepsPerEpoch, () => newPlannedLines(run));
}

function newPlannedLines(run: RunView): PlannedLine[] {
  const lines = new Map<string, PlannedLine>();
  const spans = spansOf(run.members.map(({ member }) => member));
  for (const [index, { member }] of run.members.entries()) {
    const { start } = spans[index];
    const { epochs, learningRate, schedule, scheduleBy, warmupEpochs, warmup, warmupLearningRate, probe, swa } = member;
    const key = JSON.stringify([start, epochs, learningRate, schedule, scheduleBy, warmupEpochs, warmup, warmupLearningRate, probe?.epochs, probe?.learningRate, swa]);
    const line = lines.get(key) ?? { members: [], points: plannedRate(member, spans[index], run.stepsPerEpoch) };
    line.members.push(member.name);
    lines.set(key, line);
  }
  return [...lines.values()];
}

/** One line of the table beside a chart: an epoch of the experiment and a value a member (null where there is none). */
export interface CurveTableRow {
  epoch: number;
  values: (number | null)[];
}

/** The figures of a chart by epoch, for readers who do not see the chart. Members in run order, epochs from 1. */
export function curveTable(run: RunView, historyOf: HistoryOf, chart: 'loss' | 'validation' | 'rate'): CurveTableRow[] {
  const members = run.members.map(({ member }) => member);
  const table = new Map<number, (number | null)[]>();
  const put = (epoch: number, index: number, value: number): void => {
    const values = table.get(epoch) ?? members.map(() => null);
    values[index] = value;
    table.set(epoch, values);
  };
  for (const span of spansOf(members)) {
    if (chart === 'rate') {
      const member = members[span.index];
      for (const [epoch, rate] of learningRates(member, run.stepsPerEpoch).entries()) put(span.start + epoch + 1, span.index, rate);
      continue;
    }
    for (const row of historyOf(span.member).rows) {
      if (row.kind === 'epoch') put(span.start + row.epoch + 1, span.index, chart === 'loss' ? row.trainLoss : row.validationAccuracy);
    }
  }
  return [...table].sort(([a], [b]) => a - b).map(([epoch, values]) => ({ epoch, values }));
}
