/** Where everything of the picture lies, in pixels: learning rates above, a lane a member below, one axis of epochs. */
import { changesByStep, cornerSteps, epochsOf, highestRate, learningRateAt } from '../../src/protocol/schedule.ts';
import type { HandleKind } from './knobs.ts';
import type { Span } from './schedule.ts';

export interface Scale {
  /** Epochs and learning rate at the right and upper edge. */
  epochs: number;
  rate: number;
}

export interface Handle {
  kind: HandleKind;
  index: number;
  x: number;
  y: number;
  /** Others of the same kind do the same by pointer. */
  isMain: boolean;
}

export interface Lane {
  index: number;
  y: number;
  height: number;
  x1: number;
  x2: number;
  /** Of the snapshot it starts from; null for pre-trained weights. */
  from: { x: number; y: number } | null;
}

export interface Picture {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  /** Of the plot of rates. */
  bottom: number;
  /** SVG path data; `twins` members share one line, each a dash of it. */
  curves: { index: number; path: string; twin: number; twins: number }[];
  lanes: Lane[];
  handles: Handle[];
  epochTicks: { x: number; value: number }[];
  rateTicks: { y: number; value: number }[];
}

const LEFT = 58;
const RIGHT = 18;
const TOP = 18;
const PLOT = 230;
const AXIS = 30;
/** Assumed where a rate changes within an epoch: enough for a smooth line. */
const STEPS = 20;
const MOST_HANDLES = 12;

/** With room to drag into. */
export function scaleOf(spans: readonly Span[]): Scale {
  const epochs = Math.max(...spans.map(({ end }) => end));
  return { epochs: epochs * 1.06, rate: Math.max(...spans.map(({ member }) => highestRate(member))) * 1.3 };
}

export function pictureOf(spans: readonly Span[], width: number, scale: Scale): Picture {
  const [left, right, top, bottom] = [LEFT, width - RIGHT, TOP, TOP + PLOT];
  const x = (epoch: number): number => left + ((right - left) * epoch) / scale.epochs;
  const y = (rate: number): number => bottom - ((bottom - top) * rate) / scale.rate;
  const laneHeight = spans.length <= 8 ? 24 : spans.length <= 20 ? 14 : Math.max(3, 280 / spans.length);
  const laneY = (index: number): number => bottom + AXIS + 10 + (index + 0.5) * laneHeight;
  const curves = spans.map((span) => ({ index: span.index, path: pathOf(span, x, y) }));
  return {
    width,
    height: laneY(spans.length - 1) + laneHeight / 2 + 8,
    left,
    right,
    top,
    bottom,
    curves: curves.map((curve) => {
      const twins = curves.filter(({ path }) => path === curve.path);
      return { ...curve, twin: twins.indexOf(curve), twins: twins.length };
    }),
    lanes: spans.map(({ index, start, end, member }) => {
      const origin = spans.find(({ member: other }) => other.name === member.startsFrom);
      return { index, y: laneY(index), height: laneHeight, x1: x(start), x2: x(end), from: origin === undefined ? null : { x: x(origin.end), y: laneY(origin.index) } };
    }),
    handles: handlesOf(spans).map(({ kind, index, isMain }) => ({ kind, index, isMain, ...placeOf(spans[index], kind, x, y) })),
    epochTicks: ticks(scale.epochs, Math.max(3, Math.floor((right - left) / 90)), true).map((value) => ({ value, x: x(value) })),
    rateTicks: ticks(scale.rate, 5, false).map((value) => ({ value, y: y(value) })),
  };
}

/** Member 1's, and those of cycles: of a star the first, as all lie on it; of a chain each, though only the first takes the focus. */
function handlesOf(spans: readonly Span[]): Pick<Handle, 'kind' | 'index' | 'isMain'>[] {
  const both = (index: number, isMain: boolean): Pick<Handle, 'kind' | 'index' | 'isMain'>[] => (['peak', 'end'] as const).map((kind) => ({ kind, index, isMain }));
  const cycles = spans.filter(({ member }) => member.startsFrom !== 'pretrained');
  const distinct = cycles.filter(({ start }, position) => cycles.findIndex((other) => other.start === start) === position);
  return [...both(0, true), ...distinct.slice(0, MOST_HANDLES).flatMap(({ index }, position) => both(index, position === 0))];
}

function placeOf({ member, start, end }: Span, kind: HandleKind, x: (epoch: number) => number, y: (rate: number) => number): { x: number; y: number } {
  if (kind === 'end') return { x: x(end), y: y(0) };
  const begin = start + (member.probe?.epochs ?? 0);
  const peak = member.schedule === 'triangle' ? begin + member.epochs / 2 : begin + member.warmupEpochs;
  return { x: x(peak), y: y(member.learningRate) };
}

/** Stairs where the rate changes by epoch, a line where it changes by step. */
function pathOf({ member, start }: Span, x: (epoch: number) => number, y: (rate: number) => number): string {
  const each = changesByStep(member) ? STEPS : 1;
  const steps = epochsOf(member) * each;
  const corners = new Set(cornerSteps(member, each));
  const parts: string[] = [];
  for (let step = 0; step < steps; step++) {
    const height = y(learningRateAt(member, step, each)).toFixed(1);
    const from = x(start + step / each).toFixed(1);
    if (step === 0 || each === 1 || corners.has(step)) parts.push(`${step === 0 ? 'M' : 'L'}${from} ${height}`);
    parts.push(`L${x(start + (step + 1) / each).toFixed(1)} ${height}`);
  }
  return parts.join('');
}

/** Round numbers from 0, about so many. */
export function ticks(most: number, count: number, whole: boolean): number[] {
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough && (!whole || Number.isInteger(candidate))) ?? Math.ceil(rough);
  const values: number[] = [];
  for (let index = 0; index * step <= most * (1 + 1e-9); index++) values.push(Number((index * step).toPrecision(12)));
  return values;
}
