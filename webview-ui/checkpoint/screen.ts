/** What is drawn, worked out from the model and the settings: the tree, its columns and rows. Built anew only for another file. */
import { firstFilters, layoutOf } from '../../src/protocol/checkpoint.ts';
import type { Subject } from '../../src/protocol/checkpoint-messages.ts';
import { comparisonColumns, fileColumns, type Column, type ColumnKey } from './columns.ts';
import { layersOf, type LayerChange } from './layers.ts';
import { rowsOf, type Row } from './rows.ts';
import type { Settings } from './settings.ts';
import type { Model } from './store.ts';
import { buildTree, tensorsOf, type Line, type Node } from './tree.ts';

/** With so few tensors all layers are open to begin with. */
const FEW_TENSORS = 200;

export interface Screen {
  lines: readonly Line[];
  root: Node;
  nodes: ReadonlyMap<string, Node>;
  columns: readonly Column[];
  sort: { by: ColumnKey; down: boolean };
  flat: boolean;
  rows: readonly Row[];
  /** The node that the details are about. */
  selected: Node | null;
  layers: readonly LayerChange[];
}

/** Remembers the last state of each part, since most events change one alone. */
export class Screens {
  #tree: { subject: Subject; lines: Line[]; root: Node; nodes: Map<string, Node> } | null = null;
  #columns: { root: Node; figures: unknown; columns: Column[]; layers: LayerChange[] } | null = null;
  #rows: { key: readonly unknown[]; rows: Row[] } | null = null;

  of(model: Model, subject: Exclude<Subject, { kind: 'broken' }>, settings: Settings): Screen {
    if (this.#tree?.subject !== subject) this.#tree = planted(subject);
    const { lines, root, nodes } = this.#tree;
    const figures = subject.kind === 'one' ? model.statistics : model.differences;
    if (this.#columns?.root !== root || this.#columns.figures !== figures) {
      const columns = subject.kind === 'one' ? fileColumns(model.statistics) : comparisonColumns(model.differences, root);
      this.#columns = { root, figures, columns, layers: model.differences === null ? [] : inOrder(layersOf(root, model.differences), lines) };
    }
    const { columns, layers } = this.#columns;
    const sort = sortOf(settings, columns);
    // A comparison begins with what changed most, whichever layer it is in.
    const flat = settings.flat ?? subject.kind === 'two';
    const key = [columns, sort.by, sort.down, flat, settings.filter, settings.unfolded, settings.toggled];
    if (this.#rows === null || this.#rows.key.some((part, index) => part !== key[index])) {
      const toggled = new Set(settings.toggled);
      const opened = settings.unfolded ?? lines.length <= FEW_TENSORS;
      const sortValue = columns.find((column) => column.key === sort.by)?.sortValue ?? null;
      this.#rows = { key, rows: rowsOf(root, { flat, filter: settings.filter, sortValue, down: sort.down, isOpen: ({ id }) => toggled.has(id) !== opened }) };
    }
    const { rows } = this.#rows;
    return { lines, root, nodes, columns, sort, flat, rows, layers, selected: nodes.get(settings.selected ?? '') ?? firstOf(subject, rows, nodes) };
  }
}

/** A column may be gone with the figures in it. */
function sortOf({ sort }: Settings, columns: readonly Column[]): { by: ColumnKey; down: boolean } {
  const has = (by: ColumnKey): boolean => columns.some(({ key }) => key === by);
  if (sort !== null && has(sort.by)) return sort;
  return has('relative') ? { by: 'relative', down: true } : { by: 'name', down: false };
}

function planted(subject: Exclude<Subject, { kind: 'broken' }>): { subject: Subject; lines: Line[]; root: Node; nodes: Map<string, Node> } {
  const lines = new Map<string, Line>();
  const [first, second] = subject.kind === 'one' ? [subject.checkpoint, null] : [subject.a, subject.b];
  for (const a of first.tensors) lines.set(a.name, { name: a.name, a, b: null });
  for (const b of second?.tensors ?? []) lines.set(b.name, { name: b.name, a: lines.get(b.name)?.a ?? null, b });
  const root = buildTree([...lines.values()]);
  const nodes = new Map<string, Node>();
  collect(root);
  return { subject, lines: [...lines.values()], root, nodes };

  function collect(node: Node): void {
    nodes.set(node.id, node);
    node.children.forEach(collect);
  }
}

/** Of a file the filters that look at the image, which a person knows by sight; else the first row. */
function firstOf(subject: Exclude<Subject, { kind: 'broken' }>, rows: readonly Row[], nodes: ReadonlyMap<string, Node>): Node | null {
  const filters = subject.kind === 'one' ? firstFilters(subject.checkpoint.tensors, layoutOf(subject.checkpoint.kind)) : null;
  return nodes.get(`tensor ${filters?.name ?? ''}`) ?? rows[0]?.node ?? null;
}

/** As the first file has them: a network's file lists its layers from the image on. */
function inOrder(layers: LayerChange[], lines: readonly Line[]): LayerChange[] {
  const places = new Map(lines.map(({ name }, place) => [name, place]));
  const placeOf = ({ node }: LayerChange): number => Math.min(...tensorsOf(node).map(({ line }) => places.get(line!.name) ?? Infinity));
  const found = layers.map((layer) => ({ layer, place: placeOf(layer) }));
  return found.sort((a, b) => a.place - b.place).map(({ layer }) => layer);
}
