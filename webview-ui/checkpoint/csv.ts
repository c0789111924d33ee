/** The table as comma-separated values (RFC 4180), tensors only, in their order on the screen. */
import type { TensorDifference, TensorStatistics } from '../../src/protocol/checkpoint.ts';
import { changeOf, statusOf } from './facts.ts';
import { countOf, itemOf, type Node } from './tree.ts';

type Cell = string | number | null | undefined;

export function statisticsCsv(tensors: readonly Node[], statistics: ReadonlyMap<string, TensorStatistics>): string {
  const heading = ['name', 'shape', 'dtype', 'parameters', 'bytes', 'min', 'max', 'mean', 'deviation', 'norm', 'zeros', 'nan', 'infinite'];
  return csv(heading, tensors.map((node) => {
    const { name, shape, dtype, sizeBytes } = itemOf(node.line!);
    const found = statistics.get(name);
    return [name, shape.join('x'), dtype, node.parameters, sizeBytes, found?.min, found?.max, found?.mean, found?.deviation, found?.norm, found?.zeros, found?.nan, found?.infinite];
  }));
}

export function differencesCsv(tensors: readonly Node[], differences: ReadonlyMap<string, TensorDifference>): string {
  const heading = ['name', 'structure', 'shape_a', 'shape_b', 'dtype_a', 'dtype_b', 'parameters', 'l2_distance', 'relative_change', 'cosine', 'largest', 'norm_a', 'norm_b'];
  return csv(heading, tensors.map((node) => {
    const line = node.line!;
    const change = changeOf(node, differences);
    return [
      line.name, statusOf(line), line.a?.shape.join('x'), line.b?.shape.join('x'), line.a?.dtype, line.b?.dtype, countOf(itemOf(line).shape),
      change?.distance, change?.relative, change?.cosine, change?.largest, change?.normA, change?.normB,
    ];
  }));
}

function csv(heading: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [heading, ...rows].map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  // Spreadsheets compute what begins like a formula; names of tensors come from elsewhere.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
