/** Validation accuracy at the end of each epoch; the marker's form tells members apart where colour does not. */
import { validationCurve } from '../curves.ts';
import type { History } from '../history.ts';
import { memberName } from '../../words/naming.ts';
import { lastEpoch } from '../timeline.ts';
import { bandShapes } from './bands.ts';
import { percentAxis } from '../../charts/plot/percent-axis.ts';
import type { PlotContent } from '../../charts/plot/content.ts';
import type { Series } from '../../charts/plot/series.ts';
import { lineStyle, visibleSpans, type Scene } from './style.ts';

export interface ValidationParts {
  historyOf(member: string): History;
  stepsPerEpoch: number;
}

/** With more epochs on show than this, markers would hide the line. */
const MOST_MARKED = 60;

export function validationContent(scene: Scene, parts: ValidationParts): PlotContent {
  const last = lastEpoch(scene.spans);
  const series = visibleSpans(scene).map((span): Series => {
    const style = lineStyle(span, scene);
    return {
      key: span.member,
      label: memberName(span.member),
      data: validationCurve(parts.historyOf(span.member), span, parts.stepsPerEpoch),
      borderColor: style.colour,
      backgroundColor: style.colour,
      borderWidth: style.width,
      pointStyle: style.marker,
      pointRadius: (scene.range === null ? last : scene.range.to - scene.range.from) > MOST_MARKED ? 0 : style.width + 0.5,
      order: style.order,
    };
  });
  return {
    series,
    annotations: bandShapes(scene, 'y', false),
    yScales: { y: percentAxis() },
    lastEpoch: last,
    range: scene.range,
    least: scene.least,
  };
}
