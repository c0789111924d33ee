/** How a chart is set up, on the screen and in a file. */
import { t } from '@vscode/l10n';
import type { ChartOptions, ScaleOptionsByType } from 'chart.js';
import type { Theme } from '../../look/theme.ts';
import type { Range } from './range.ts';
import type { Clip } from './clip.ts';
import type { PlotContent } from './content.ts';

/** Left edges of all charts lie under one another. */
const Y_AXIS_WIDTH = 58;

export function rangeOf(content: PlotContent): Range {
  return content.range ?? { from: 0, to: Math.max(1, content.lastEpoch) };
}

/** Axes and annotations of what is drawn. */
export function drawnOptions(content: PlotContent, clip: Clip | null, theme: Theme): Pick<ChartOptions<'line'>, 'scales'> {
  const axis = {
    grid: { color: theme.grid, drawTicks: false, lineWidth: theme.highContrast ? 0.5 : 1 },
    border: { display: false },
    ticks: { color: theme.muted, font: { family: theme.fontFamily, size: 11 }, padding: 8 },
  };
  const title = { display: true, text: t('Epoch'), color: theme.muted, font: { family: theme.fontFamily, size: 11 }, padding: 0 };
  const yScales = Object.entries(content.yScales).map(([name, scale]) => [
    name,
    {
      ...axis,
      ...scale,
      ...(name === 'y' && clip !== null ? { min: clip.min, max: clip.max } : {}),
      grid: { ...axis.grid, ...scale?.grid },
      ticks: { ...axis.ticks, ...scale?.ticks },
      afterFit: (fitted: { width: number }) => (fitted.width = Y_AXIS_WIDTH),
    },
  ]);
  const { from, to } = rangeOf(content);
  // At the ends of a range stand no labels of their own: they would be numbers with many digits.
  const ticks = { ...axis.ticks, maxRotation: 0, padding: 6, ...(content.range === null ? { precision: 0 } : { includeBounds: false, maxTicksLimit: 9 }) };
  return { scales: { x: { type: 'linear', min: from, max: to, ...axis, grid: { display: false }, ticks, title }, ...(Object.fromEntries(yScales) as Record<string, ScaleOptionsByType>) } };
}

export function tooltipLook(theme: Theme): object {
  return {
    backgroundColor: theme.popupBackground,
    titleColor: theme.popupForeground,
    bodyColor: theme.popupForeground,
    footerColor: theme.popupForeground,
    borderColor: theme.popupBorder,
    borderWidth: 1,
    padding: 9,
    cornerRadius: 6,
    usePointStyle: true,
    boxPadding: 4,
    titleFont: { family: theme.fontFamily, size: 12, weight: 600 },
    footerFont: { family: theme.fontFamily, size: 12, weight: 400 },
    bodyFont: { family: theme.fontFamily, size: 12 },
  };
}
