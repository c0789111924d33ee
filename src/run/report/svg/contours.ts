import type { Surface } from '../../../protocol/plane.ts';
import { escaped } from '../html.ts';
import { frame, line, px } from './frame.ts';

/** Regions of a surface, the higher the darker, with the networks on it. */
export function contourMap({ columns, rows, places }: Pick<Surface, 'columns' | 'rows' | 'places'>, levels: Surface['contours'][number]['levels'], label: string, titles: [string, string]): string {
  const format = (value: number): string => String(Number(value.toPrecision(3)));
  const [width, height] = [columns[columns.length - 1] - columns[0], rows[rows.length - 1] - rows[0]];
  // Both axes have one scale: angles are angles.
  const side = Math.min(420 / width, 360 / height);
  const plot = frame({ low: columns[0], high: columns[columns.length - 1], title: titles[0], format }, { low: rows[0], high: rows[rows.length - 1], title: titles[1], format }, label, { width: side * width, height: side * height });
  const regions = levels.map(({ value, polygons }, index) => {
    const path = polygons.flatMap((rings) => rings.map((ring) => `${line(ring.map(([x, y]) => [plot.x(x), plot.y(y)] as const))}Z`)).join('');
    return `<path fill="var(--s1)" fill-opacity="${(0.75 / levels.length).toFixed(3)}" fill-rule="evenodd" stroke="var(--s1)" stroke-opacity=".45" stroke-width=".75" d="${path}"><title>${escaped(`from ${format(value)}, level ${index + 1} of ${levels.length}`)}</title></path>`;
  });
  const networks = places.map(({ network, x, y }) => `<circle class="network" cx="${px(plot.x(x))}" cy="${px(plot.y(y))}" r="5"/><text class="label" x="${px(plot.x(x) + 9)}" y="${px(plot.y(y) + 4)}">${escaped(network)}</text>`);
  return plot.draw([...regions, ...networks].join(''));
}
