/** The columns of the tree: what a node is sorted by in each, and how it is written. */
import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { TensorDifference, TensorStatistics } from '../../src/protocol/checkpoint.ts';
import { bytes, compact, count, percent, significant } from '../words/figures.ts';
import { changeOf, measuredOf, statusOf, type Change, type Measured, type Status } from './facts.ts';
import { itemOf, shapeText, tensorsOf, type Line, type Node } from './tree.ts';

export type ColumnKey =
  | 'name' | 'shape' | 'dtype' | 'parameters' | 'bytes'
  | 'mean' | 'deviation' | 'min' | 'max' | 'norm' | 'zeros' | 'odd'
  | 'status' | 'relative' | 'distance' | 'cosine' | 'largest';

export interface Column {
  key: ColumnKey;
  title: string;
  hint: string;
  /** Pixels; the first column takes what is left as well. */
  width: number;
  /** Texts are set to the left. */
  isText?: boolean;
  /** Null keeps the order of names. */
  sortValue: ((node: Node) => number | string | null) | null;
  cell(node: Node): string | TemplateResult | typeof nothing;
}

/** Figures of layers take their tensors: each is worked out once for each state of the figures. */
function remembered<T>(work: (node: Node) => T): (node: Node) => T {
  const known = new WeakMap<Node, { value: T }>();
  return (node) => {
    let found = known.get(node);
    if (found === undefined) known.set(node, (found = { value: work(node) }));
    return found.value;
  };
}

function sizes(): Column[] {
  return [
    { key: 'shape', title: t('Shape'), hint: t('Lengths of the sides'), width: 124, isText: true, sortValue: (node) => node.line && shapeText(itemOf(node.line).shape), cell: shapeCell },
    { key: 'dtype', title: t('Type'), hint: t('Type of the numbers in the file'), width: 76, isText: true, sortValue: dtypeText, cell: (node) => dtypeText(node) ?? nothing },
    { key: 'parameters', title: t('Parameters'), hint: t('Numbers in the tensor'), width: 92, sortValue: (node) => node.parameters, cell: (node) => count(node.parameters) },
  ];
}

export function fileColumns(statistics: ReadonlyMap<string, TensorStatistics>): Column[] {
  const all: Column[] = [name(), ...sizes(), { key: 'bytes', title: t('Bytes'), hint: t('Bytes in the file'), width: 84, sortValue: (node) => node.sizeBytes, cell: (node) => bytes(node.sizeBytes) }];
  if (statistics.size === 0) return all;
  const measured = remembered((node) => measuredOf(node, statistics));
  const figure = (key: ColumnKey, title: string, hint: string, of: (figures: Measured) => number | null): Column => ({
    key, title, hint, width: 92, sortValue: (node) => mapped(measured(node), of), cell: (node) => written(mapped(measured(node), of)),
  });
  return [
    ...all,
    { key: 'norm', title: t('Norm'), hint: t('L2 norm: root of the sum of squares'), width: 92, sortValue: (node) => mapped(measured(node), ({ norm }) => norm), cell: (node) => written(mapped(measured(node), ({ norm }) => norm)) },
    figure('mean', t('Mean'), t('Mean of the finite numbers'), ({ mean }) => mean),
    figure('deviation', t('Deviation'), t('Standard deviation of the finite numbers'), ({ deviation }) => deviation),
    figure('min', t('Minimum'), t('Least finite number'), ({ min }) => min),
    figure('max', t('Maximum'), t('Greatest finite number'), ({ max }) => max),
    { key: 'zeros', title: t('Zeros'), hint: t('Share of numbers that are zero'), width: 76, sortValue: (node) => mapped(measured(node), (figures) => figures.zeros / Math.max(1, figures.count)), cell: (node) => zerosText(measured(node)) },
    { key: 'odd', title: 'NaN, Inf', hint: t('Numbers that are not finite'), width: 84, sortValue: (node) => mapped(measured(node), ({ nan, infinite }) => nan + infinite), cell: (node) => oddCell(measured(node)) },
  ];
}

export function comparisonColumns(differences: ReadonlyMap<string, TensorDifference> | null, root: Node): Column[] {
  const status: Column = { key: 'status', title: t('Structure'), hint: t('What the two files have of it'), width: 120, isText: true, sortValue: (node) => node.line && statusText(statusOf(node.line)), cell: statusCell };
  if (differences === null) return [name(), ...sizes(), status];
  const change = remembered((node) => changeOf(node, differences));
  const most = tensorsOf(root).reduce((greatest, node) => Math.max(greatest, change(node)?.relative ?? 0), 0);
  const figure = (key: ColumnKey, title: string, hint: string, of: (change: Change) => number | null): Column => ({
    key, title, hint, width: 96, sortValue: (node) => mapped(change(node), of), cell: (node) => (change(node) === null ? nothing : written(of(change(node)!))),
  });
  return [
    name(),
    { key: 'relative', title: t('Relative change'), hint: t('L2 distance of B to A, as a share of the norm of A'), width: 170, sortValue: (node) => mapped(change(node), ({ relative }) => relative), cell: (node) => relativeCell(change(node), most) },
    figure('distance', t('L2 distance'), t('Root of the sum of squared differences'), ({ distance }) => distance),
    figure('cosine', t('Cosine'), t('Cosine of the angle between the two tensors'), ({ cosine }) => cosine),
    figure('largest', t('Largest'), t('Greatest difference of two numbers'), ({ largest }) => largest),
    ...sizes(),
    status,
  ];
}

export function statusText(status: Status): string {
  switch (status) {
    case 'only-a':
      return t('only in A');
    case 'only-b':
      return t('only in B');
    case 'shape':
      return t('another shape');
    case 'dtype':
      return t('another type');
    case 'same':
      return t('in both');
  }
}

function name(): Column {
  return { key: 'name', title: t('Name'), hint: t('Tensors by layer'), width: 250, isText: true, sortValue: null, cell: () => nothing };
}

function both(line: Line, of: (item: NonNullable<Line['a']>) => string): string {
  const [a, b] = [line.a && of(line.a), line.b && of(line.b)];
  return a !== null && b !== null && a !== b ? `${a} → ${b}` : (a ?? b ?? '');
}

function dtypeText({ line }: Node): string | null {
  return line && both(line, ({ dtype }) => dtype);
}

function shapeCell({ line, tensors }: Node): string | TemplateResult {
  if (line === null) return html`<span class="muted">${tensors === 1 ? t('1 tensor') : t('{0} tensors', count(tensors))}</span>`;
  return both(line, ({ shape }) => (shape.length === 0 ? t('scalar') : shapeText(shape)));
}

function statusCell({ line }: Node): TemplateResult | typeof nothing {
  if (line === null) return nothing;
  const status = statusOf(line);
  return html`<span class="status status-${status}">${statusText(status)}</span>`;
}

function zerosText(measured: Measured | null): string | typeof nothing {
  if (measured === null) return nothing;
  return measured.zeros === 0 ? '0' : percent(measured.zeros / measured.count, 1);
}

function oddCell(measured: Measured | null): string | TemplateResult | typeof nothing {
  if (measured === null) return nothing;
  const odd = measured.nan + measured.infinite;
  return odd === 0 ? '0' : html`<strong class="odd">${compact(odd)}</strong>`;
}

function relativeCell(change: Change | null, most: number): TemplateResult | typeof nothing {
  if (change === null) return nothing;
  const width = change.relative === null || most === 0 ? 0 : Math.min(100, (100 * change.relative) / most);
  const words = change.relative === null ? written(null) : change.distance === 0 ? t('identical') : percent(change.relative, change.relative < 0.001 ? 4 : 2);
  return html`<svg class="change" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      ${svg`<rect class="all" width="100" height="10" /><rect class="part" width=${width} height="10" />`}</svg
    ><span class="number">${words}</span>`;
}

function mapped<T, R>(value: T | null, of: (value: T) => R): R | null {
  return value === null ? null : of(value);
}

/** What is not finite has no number here. */
function written(value: number | null): string {
  return value === null ? '–' : significant(value);
}
