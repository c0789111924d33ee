/** The same picture in vectors: lines, axes, bands and marks from where Chart.js has laid them out. */
import type { Chart, Scale } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { FILE_SIZE, type FileChart } from './file-chart.ts';
import type { Series } from './series.ts';

export function chartSvg({ title, chart, content, theme, legend }: FileChart): string {
  const { width, height, head, margin } = FILE_SIZE;
  const { left, top, right, bottom } = chart.chartArea;
  const parts = [
    `<rect width="${width}" height="${height}" ${paint('fill', theme.background)}/>`,
    text(margin, 28, title, `font-size="17" font-weight="600" ${paint('fill', theme.foreground)}`),
    ...legend.flatMap(({ name, colour }, index) => {
      const x = margin + index * 110;
      return [`<rect x="${x}" y="43" width="18" height="3" ${paint('fill', colour)}/>`, text(x + 24, 49, name, paint('fill', theme.foreground))];
    }),
    `<g transform="translate(${margin} ${head})">`,
    `<clipPath id="area"><rect x="${number(left)}" y="${number(top - 2)}" width="${number(right - left)}" height="${number(bottom - top + 4)}"/></clipPath>`,
    ...shapes(chart as Chart, content.annotations, 'beforeDatasetsDraw', theme.muted),
    ...Object.values(chart.scales).flatMap((scale) => axis(scale, chart as Chart, theme)),
    `<g clip-path="url(#area)" fill="none" stroke-linejoin="round">${lines(chart as Chart).join('')}</g>`,
    ...shapes(chart as Chart, content.annotations, 'afterDatasetsDraw', theme.muted),
    '</g>',
  ];
  const font = escape(theme.fontFamily);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${font}" font-size="12">\n<title>${escape(title)}</title>\n${parts.join('\n')}\n</svg>\n`;
}

/** Grid and numbers. */
function axis(scale: Scale, { chartArea: { left, right, bottom } }: Chart, theme: { grid: string; muted: string }): string[] {
  const title = (scale.options as { title?: { display?: boolean; text?: string } }).title;
  const named = title?.display === true && scale.isHorizontal() ? [text((left + right) / 2, bottom + 36, title.text ?? '', `text-anchor="middle" ${paint('fill', theme.muted)}`)] : [];
  return [...named, ...scale.ticks.flatMap(({ value, label }) => {
    const at = scale.getPixelForValue(value);
    const words = String(label ?? '');
    if (scale.isHorizontal()) return [text(at, bottom + 18, words, `text-anchor="middle" ${paint('fill', theme.muted)}`)];
    const grid = (scale.options as { grid?: { display?: boolean } }).grid?.display === false ? [] : [`<path d="M${number(left)} ${number(at)}H${number(right)}" ${paint('stroke', theme.grid)}/>`];
    return [...grid, text(left - 8, at + 4, words, `text-anchor="end" ${paint('fill', theme.muted)}`)];
  })];
}

function lines(chart: Chart): string[] {
  const metas = chart.getSortedVisibleDatasetMetas().toReversed(); // the last lies in front
  return metas.flatMap((meta) => {
    const series = chart.data.datasets[meta.index] as unknown as Series;
    const points = meta.data.map(({ x, y }) => ({ x, y })).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
    if (points.length === 0) return [];
    const dash = (series.borderDash as number[] | undefined) ?? [];
    const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}" stroke-dashoffset="${Number(series.borderDashOffset ?? 0)}"`;
    const path = `<path d="M${points.map(({ x, y }) => `${number(x)} ${number(y)}`).join('L')}" ${paint('stroke', series.borderColor as string)} stroke-width="${Number(series.borderWidth ?? 1)}"${dashes}/>`;
    const radius = typeof series.pointRadius === 'number' ? series.pointRadius : 0;
    return [path, ...(radius === 0 ? [] : points.map(({ x, y }) => `<circle cx="${number(x)}" cy="${number(y)}" r="${radius}" ${paint('fill', series.borderColor as string)}/>`))];
  });
}

type Shape = AnnotationOptions & { xMin?: number; xMax?: number; yMin?: number; yMax?: number; xValue?: number; yValue?: number; yScaleID?: string; radius?: number };

function shapes(chart: Chart, annotations: Record<string, AnnotationOptions>, time: string, labelColour: string): string[] {
  return Object.values(annotations).flatMap((annotation) => {
    if (annotation.drawTime !== time) return [];
    const shape = annotation as Shape;
    const scale = chart.scales[shape.yScaleID ?? 'y'];
    const x = (value: number): number => chart.scales.x.getPixelForValue(value);
    const y = (value: unknown, otherwise: number): number => (typeof value === 'number' ? scale.getPixelForValue(value) : otherwise);
    const colour = String(('backgroundColor' in annotation && annotation.backgroundColor) || annotation.borderColor);
    if (annotation.type === 'point') {
      const [cx, cy, r] = [x(shape.xValue!), y(shape.yValue, 0), shape.radius ?? 5];
      return [`<path d="M${number(cx)} ${number(cy - r)}l${r} ${r}l${-r} ${r}l${-r} ${-r}Z" ${paint('fill', colour)}/>`];
    }
    const [x1, x2] = [x(shape.xMin!), x(shape.xMax!)];
    const [y1, y2] = [y(shape.yMin, scale.top), y(shape.yMax, scale.bottom)].sort((a, b) => a - b);
    if (annotation.type === 'line') return [`<path d="M${number(x1)} ${number(y1)}V${number(y2)}" ${paint('stroke', annotation.borderColor as string)} stroke-dasharray="2 3"/>`];
    const label = annotation.type === 'box' && annotation.label?.display === true ? [text((x1 + x2) / 2, y1 + 15, String(annotation.label.content), `text-anchor="middle" ${paint('fill', labelColour)}`)] : [];
    return [`<rect x="${number(x1)}" y="${number(y1)}" width="${number(x2 - x1)}" height="${number(y2 - y1)}" rx="${Number(('borderRadius' in annotation && annotation.borderRadius) || 0)}" ${paint('fill', colour)}/>`, ...label];
  });
}

function text(x: number, y: number, words: string, attributes: string): string {
  return words === '' ? '' : `<text x="${number(x)}" y="${number(y)}" ${attributes}>${escape(words)}</text>`;
}

/** `#rrggbbaa` as colour and opacity, which every program reads. */
function paint(attribute: 'fill' | 'stroke', colour: string): string {
  const alpha = /^#[\da-f]{6}([\da-f]{2})$/i.exec(colour)?.[1];
  return alpha === undefined ? `${attribute}="${escape(colour)}"` : `${attribute}="${colour.slice(0, 7)}" ${attribute}-opacity="${(Number.parseInt(alpha, 16) / 255).toFixed(2)}"`;
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
