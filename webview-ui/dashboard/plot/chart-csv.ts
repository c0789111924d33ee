/** The points that a chart draws, as a table of text: a line a point, members below one another. Numbers have all their digits. */
import type { SmoothedPoint } from '../curves.ts';
import type { ChartName } from '../toggles.ts';
import type { PlotContent } from '../../charts/plot/content.ts';
import { rangeOf } from '../../charts/plot/options.ts';

const COLUMNS: Record<ChartName, string> = { loss: 'member,epoch,loss,smoothed_loss', validation: 'member,epoch,validation_accuracy', rate: 'member,epoch,learning_rate' };

export function chartCsv(chart: ChartName, content: PlotContent): string {
  const { from, to } = rangeOf(content);
  const lines = content.series
    .filter(({ key }) => /^member-\d+$/.test(key))
    .flatMap(({ key, data }) =>
      data
        .filter(({ x }) => x >= from && x <= to)
        .map((point) => [key, point.x, ...(chart === 'loss' ? [(point as SmoothedPoint).raw, point.y] : [point.y])].join(',')),
    );
  return `${[COLUMNS[chart], ...lines].join('\n')}\n`;
}
