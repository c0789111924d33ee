/** The vertical line that all charts share: where the pointer or the arrow keys are, in epochs of the experiment. */
import type { Chart, ChartEvent, Plugin } from 'chart.js';

export class Cursor {
  epoch: number | null = null;
  readonly #charts = new Set<Chart>();

  add(chart: Chart): void {
    this.#charts.add(chart);
  }

  moveTo(epoch: number | null, from: Chart): void {
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    for (const chart of this.#charts) if (chart !== from) chart.draw();
  }

  /** Follows the pointer in a chart and draws the line in it. */
  plugin(colour: () => string): Plugin<'line'> {
    return {
      id: 'cursor',
      afterEvent: (chart: Chart<'line'>, { event, inChartArea }: { event: ChartEvent; inChartArea: boolean }) => {
        if (event.type !== 'mousemove' && event.type !== 'mouseout') return;
        this.moveTo(inChartArea && event.x !== null ? (chart.scales.x.getValueForPixel(event.x) ?? null) : null, chart);
      },
      afterDatasetsDraw: (chart: Chart<'line'>) => {
        if (this.epoch === null) return;
        const x = Math.round(chart.scales.x.getPixelForValue(this.epoch)) + 0.5;
        const { ctx, chartArea } = chart;
        if (x < chartArea.left || x > chartArea.right) return;
        ctx.save();
        ctx.strokeStyle = colour();
        ctx.setLineDash([3, 3]);
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        ctx.restore();
      },
    };
  }
}
