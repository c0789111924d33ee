/**
 * Learning rate over the epochs of the whole experiment: the plan dim, what has been trained in colour, and below it one
 * lane a member with its progress and its snapshot.
 */
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { RunView } from '../../../src/protocol/run.ts';
import { highestRate } from '../../../src/protocol/schedule.ts';
import { plannedLines, reachedRate } from '../curves.ts';
import { rate } from '../../words/figures.ts';
import type { History } from '../history.ts';
import { membersName, numberOf } from '../../words/naming.ts';
import { withAlpha } from '../../look/theme.ts';
import { memberProgress } from '../timing.ts';
import { lastEpoch, type Span } from '../timeline.ts';
import { bandShapes } from './bands.ts';
import type { PlotContent } from '../../charts/plot/content.ts';
import type { Series } from '../../charts/plot/series.ts';
import { lineStyle, shown, visibleSpans, type Scene } from './style.ts';

export interface RateParts {
  run: RunView;
  historyOf(member: string): History;
  logarithmic: boolean;
}

/** Half the height of a lane, in lanes. */
const LANE = 0.32;
/** Pixels of one member's dash. */
const DASH = 8;
const SOLID = { borderDash: [], borderDashOffset: 0 };
/** With more lanes than this, not each has its number. */
const MOST_NUMBERED = 12;

export function rateContent(scene: Scene, { run, historyOf, logarithmic }: RateParts): PlotContent {
  const { theme, spans } = scene;
  const planned = plannedLines(run).map(
    ({ members, points }): Series => ({
      key: `plan ${members[0]}`,
      label: membersName(members),
      data: points,
      yAxisID: 'y',
      borderColor: withAlpha(theme.neutral, 0.55),
      backgroundColor: withAlpha(theme.neutral, 0.55),
      borderWidth: 1.5,
      borderDash: [4, 3],
      pointStyle: 'line',
      order: 9,
    }),
  );
  const visible = visibleSpans(scene);
  const reached = visible.map((span): Series => {
    const style = lineStyle(span, scene);
    return {
      key: span.member,
      label: '',
      data: reachedRate(historyOf(span.member), run.members[span.index].member, span, run.stepsPerEpoch),
      yAxisID: 'y',
      borderColor: style.colour,
      borderWidth: style.width,
      ...(scene.highlighted === span.member ? SOLID : interleaved(span, visible)),
      order: style.order,
      silent: true,
    };
  });
  return {
    series: [...reached, ...planned],
    annotations: { ...bandShapes(scene, 'y', true), ...lanes(scene, run) },
    // Axes of one stack are laid out from the bottom up.
    yScales: {
      lanes: {
        type: 'linear',
        position: 'left',
        min: -0.9 * Math.max(1, spans.length / 8), // air below the numbers of the rates
        max: spans.length - 0.4,
        reverse: true,
        stack: 'left',
        stackWeight: Math.min(3, 0.5 + spans.length * 0.26),
        offset: false,
        grid: { display: false },
        ticks: {
          autoSkip: spans.length > MOST_NUMBERED,
          callback: (value: number | string) => (spans[Number(value)] === undefined ? '' : String(numberOf(spans[Number(value)].member))),
        },
        afterBuildTicks: (axis: { ticks: { value: number }[] }) => (axis.ticks = spans.map(({ index }) => ({ value: index }))),
      },
      y: {
        ...rateAxis(run, planned, logarithmic),
        stack: 'left',
        stackWeight: 3,
        offset: false,
        ticks: { maxTicksLimit: 5, includeBounds: false, callback: (value: number | string) => rate(Number(value)) },
      },
    },
    lastEpoch: lastEpoch(spans),
    range: scene.range,
    least: scene.least,
  };
}

/** With room above the highest rate for the names of the bands. A logarithmic axis begins at the lowest rate that is not zero. */
function rateAxis(run: RunView, planned: readonly Series[], logarithmic: boolean): { type: 'linear' | 'logarithmic'; min: number; max: number } {
  const highest = Math.max(...run.members.map(({ member }) => highestRate(member))) || 1;
  const rates = planned.flatMap(({ data }) => data.flatMap(({ y }) => (y > 0 ? [y] : [])));
  const lowest = rates.reduce((low, value) => Math.min(low, value), highest);
  return logarithmic ? { type: 'logarithmic', min: lowest * 0.8, max: highest * Math.max(1.6, (highest / lowest) ** 0.2) } : { type: 'linear', min: 0, max: 1.25 * highest };
}

/** Members with the same cycle have the same line: each draws every n-th dash of it. */
function interleaved({ start, end, member }: Span, visible: readonly Span[]): Pick<Series, 'borderDash' | 'borderDashOffset'> {
  const alike = visible.filter((other) => other.start === start && other.end === end);
  if (alike.length < 2) return SOLID;
  const place = alike.findIndex((other) => other.member === member);
  return { borderDash: [DASH, DASH * (alike.length - 1)], borderDashOffset: -DASH * place };
}

function lanes(scene: Scene, run: RunView): Record<string, AnnotationOptions> {
  const shapes: Record<string, AnnotationOptions> = {};
  for (const [index, view] of run.members.entries()) {
    const span = scene.spans[index];
    const { colour, faint } = lineStyle(span, scene);
    const hidden = scene.hidden.includes(span.member);
    const base = { type: 'box', drawTime: 'afterDatasetsDraw', yScaleID: 'lanes', yMin: index - LANE, yMax: index + LANE, borderRadius: 3, borderWidth: 0 } as const;
    const whole = faint || hidden ? withAlpha(scene.theme.neutral, 0.12) : withAlpha(scene.theme.neutral, 0.2);
    const part = shown(span.start, span.end, scene.range);
    if (part !== null) shapes[`lane-${index}`] = { ...base, xMin: part.from, xMax: part.to, backgroundColor: whole };
    const reached = shown(span.start, span.start + memberProgress(view, run.stepsPerEpoch) * (span.end - span.start), scene.range);
    if (reached !== null && !hidden) shapes[`reached-${index}`] = { ...base, xMin: reached.from, xMax: reached.to, backgroundColor: colour };
    const isShown = scene.range === null || (span.end >= scene.range.from && span.end <= scene.range.to);
    if (view.snapshot !== null && isShown) {
      shapes[`snapshot-${index}`] = {
        type: 'point',
        drawTime: 'afterDatasetsDraw',
        yScaleID: 'lanes',
        xValue: span.end,
        yValue: index,
        pointStyle: 'rectRot',
        radius: scene.spans.length > MOST_NUMBERED ? 4 : 6,
        backgroundColor: hidden ? scene.theme.muted : colour,
        borderColor: scene.theme.background,
        borderWidth: 1.5,
      };
    }
  }
  return shapes;
}
