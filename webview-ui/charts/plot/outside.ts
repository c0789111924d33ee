/** Marks at the upper and lower edge of a chart where points lie outside. */
import type { Chart, Plugin } from 'chart.js';
import type { Clip } from './clip.ts';

/** Half the width of a mark; nearer marks are one. */
const HALF = 4;

export function outsideMarks(clip: () => Clip | null): Plugin<'line'> {
  return {
    id: 'outside',
    afterDatasetsDraw(chart: Chart<'line'>) {
      const drawn = new Set<string>();
      for (const { point, colour } of clip()?.outside ?? []) {
        const { ctx, chartArea, scales } = chart;
        const x = scales.x.getPixelForValue(point.x);
        const isAbove = point.y > scales.y.max;
        const place = `${isAbove} ${Math.round(x / (2 * HALF))}`;
        if (drawn.has(place) || x < chartArea.left || x > chartArea.right) continue;
        drawn.add(place);
        const [edge, inward] = isAbove ? [chartArea.top, 1] : [chartArea.bottom, -1];
        ctx.save();
        ctx.fillStyle = colour.slice(0, 7);
        ctx.beginPath();
        ctx.moveTo(x, edge);
        ctx.lineTo(x - HALF, edge + inward * 7);
        ctx.lineTo(x + HALF, edge + inward * 7);
        ctx.fill();
        ctx.restore();
      }
    },
  };
}
