/** Training loss: each step as a thin line, its moving average as a bold one. */
import { t } from '@vscode/l10n';
import { lossCurve, type SmoothedPoint } from '../curves.ts';
import { nats } from '../../words/figures.ts';
import type { History } from '../history.ts';
import { memberName } from '../../words/naming.ts';
import { withAlpha } from '../../look/theme.ts';
import { lastEpoch } from '../timeline.ts';
import { bandShapes } from './bands.ts';
import type { PlotContent } from '../../charts/plot/content.ts';
import type { Point, Series } from '../../charts/plot/series.ts';
import { lineStyle, visibleSpans, type Scene } from './style.ts';

export interface LossParts {
  historyOf(member: string): History;
  isLive(member: string): boolean;
  stepsPerEpoch: number;
  smoothing: number;
  logarithmic: boolean;
}

export function lossContent(scene: Scene, parts: LossParts): PlotContent {
  const series = visibleSpans(scene).flatMap((span): Series[] => {
    const style = lineStyle(span, scene);
    const curve = lossCurve(parts.historyOf(span.member), span, parts.stepsPerEpoch, parts.smoothing);
    const bold: Series = {
      key: span.member,
      label: memberName(span.member),
      data: curve.smoothed,
      borderColor: style.colour,
      backgroundColor: style.colour,
      borderWidth: style.width,
      pointStyle: style.marker,
      order: style.order,
      live: parts.isLive(span.member),
      note: parts.smoothing === 0 ? () => '' : (point: Point) => `  ${t('(step: {0})', nats((point as SmoothedPoint).raw))}`,
    };
    if (parts.smoothing === 0) return [bold];
    const thin: Series = {
      key: `${span.member} raw`,
      label: '',
      data: curve.raw,
      borderColor: style.faint ? withAlpha(scene.theme.series[span.index % scene.theme.series.length], 0.06) : withAlpha(style.colour, 0.28),
      borderWidth: 1,
      pointHoverRadius: 0,
      order: 2,
      silent: true,
    };
    return [bold, thin];
  });
  return {
    series,
    annotations: bandShapes(scene, 'y', false),
    yScales: { y: { type: parts.logarithmic ? 'logarithmic' : 'linear', ticks: { maxTicksLimit: 6 } } },
    lastEpoch: lastEpoch(scene.spans),
    range: scene.range,
    least: scene.least,
  };
}
