/** Comparing members at the same x: of each curve the point nearest to the pointer's column, where the curve exists. */
import { Interaction, type Chart, type ChartEvent, type InteractionItem, type InteractionModeFunction } from 'chart.js';
import type { Series } from './series.ts';

declare module 'chart.js' {
  interface InteractionModeMap {
    sameEpoch: InteractionModeFunction;
  }
}

/** Beyond its ends a curve is still found within this many pixels. */
const REACH = 14;

export function registerSameEpoch(): void {
  Interaction.modes.sameEpoch = (chart: Chart, event: ChartEvent | { x: number | null }) => (event.x === null ? [] : itemsAt(chart, event.x));
}

/** A popup has no room for more. */
const MOST_ITEMS = 20;

/** In the order of the lines, of each group the best; not more than have room. @param pixel x on the canvas */
export function itemsAt(chart: Chart, pixel: number): InteractionItem[] {
  return allItemsAt(chart, pixel).slice(0, MOST_ITEMS);
}

/** How many there are that have no room. */
export function itemsLeftOut(chart: Chart, pixel: number): number {
  return Math.max(0, allItemsAt(chart, pixel).length - MOST_ITEMS);
}

function allItemsAt(chart: Chart, pixel: number): InteractionItem[] {
  const items = chart.getSortedVisibleDatasetMetas().flatMap((meta) => {
    const { silent } = chart.data.datasets[meta.index] as unknown as Series;
    const points = meta.data;
    if (silent || points.length === 0) return [];
    const index = nearestIndex(points, pixel);
    const first = points[0].x - REACH;
    const last = points[points.length - 1].x + REACH;
    return pixel < first || pixel > last ? [] : [{ element: points[index], datasetIndex: meta.index, index }];
  });
  return bestOfGroups(chart, items.sort((a, b) => a.datasetIndex - b.datasetIndex));
}

/** Lines without a group stay; of groups the best come first. */
function bestOfGroups(chart: Chart, items: readonly InteractionItem[]): InteractionItem[] {
  const groups = new Map<string, { item: InteractionItem; rank: number }>();
  const single: InteractionItem[] = [];
  for (const item of items) {
    const { group, data } = chart.data.datasets[item.datasetIndex] as unknown as Series;
    const { y } = data[item.index];
    const rank = group?.best === 'lowest' ? -y : y;
    if (group === undefined) single.push(item);
    else if (rank > (groups.get(group.key)?.rank ?? -Infinity)) groups.set(group.key, { item, rank });
  }
  return [...single, ...[...groups.values()].sort((a, b) => b.rank - a.rank).map(({ item }) => item)];
}

/** Binary search: points are sorted by x. */
function nearestIndex(points: readonly { x: number }[], pixel: number): number {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].x < pixel) low = middle + 1;
    else high = middle;
  }
  return low > 0 && pixel - points[low - 1].x < points[low].x - pixel ? low - 1 : low;
}
