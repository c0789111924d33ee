/** The cycles behind the curves: a shade for every second stretch of epochs and a line where one ends. */
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { membersName } from '../../words/naming.ts';
import { bandsOf } from '../timeline.ts';
import { withAlpha } from '../../look/theme.ts';
import { shown, type Scene } from './style.ts';

/** @param yScale the axis whose height the bands fill. @param labelled names the members of each band at its top. */
export function bandShapes({ spans, theme, range }: Scene, yScale: string, labelled: boolean): Record<string, AnnotationOptions> {
  const shapes: Record<string, AnnotationOptions> = {};
  for (const [index, { start, end, members }] of bandsOf(spans).entries()) {
    const part = shown(start, end, range);
    if (part === null) continue;
    shapes[`band-${index}`] = {
      type: 'box',
      drawTime: 'beforeDatasetsDraw',
      yScaleID: yScale,
      xMin: part.from,
      xMax: part.to,
      borderWidth: 0,
      backgroundColor: withAlpha(theme.neutral, index % 2 === 1 ? 0.07 : 0),
      label: {
        display: labelled,
        content: membersName(members),
        position: { x: 'center', y: 'start' },
        color: theme.muted,
        font: { family: theme.fontFamily, size: 11, weight: 'normal' },
        padding: 4,
      },
    };
    if (part.to < end) continue;
    shapes[`end-${index}`] = {
      type: 'line',
      drawTime: 'beforeDatasetsDraw',
      yScaleID: yScale,
      xMin: end,
      xMax: end,
      borderColor: withAlpha(theme.neutral, 0.45),
      borderWidth: 1,
      borderDash: [2, 3],
    };
  }
  return shapes;
}
