/** What the comparison knows and what the reader has set. */
import type { ToView } from '../../src/protocol/compare-messages.ts';
import { rangeFrom, type Range } from '../charts/plot/range.ts';
import type { ColumnKey } from './columns.ts';
import type { Brushes } from './parallel.ts';

export type Snapshot = Extract<ToView, { type: 'snapshot' }>;

export type Measure = 'accuracy' | 'loss';

export interface Settings {
  filter: string;
  sort: { by: ColumnKey; down: boolean };
  /** Columns that stay in sight, beside the run's name. */
  pinned: readonly ColumnKey[];
  measure: Measure;
  /** Epochs that the curves show, or null for all. */
  zoom: Range | null;
  logLoss: boolean;
  /** The axis of the loss leaves out what lies far from everything else: a run that diverged does not press the others flat. */
  clip: boolean;
  curvesAsTable: boolean;
  sweepAsTable: boolean;
  /** Name of the tuner's sweep; empty = the runs. */
  sweep: string;
  brushes: Brushes;
  /** Folder of the run that stands out. */
  chosen: string | null;
}

export const DEFAULTS: Settings = { filter: '', sort: { by: 'ensemble', down: true }, pinned: [], measure: 'accuracy', zoom: null, logLoss: false, clip: true, curvesAsTable: false, sweepAsTable: false, sweep: '', brushes: {}, chosen: null };

/** What an earlier view left may be of another version. */
export function settingsFrom(saved: unknown): Settings {
  if (typeof saved !== 'object' || saved === null) return DEFAULTS;
  const found = saved as Record<string, unknown>;
  const kept = Object.entries(DEFAULTS).map(([name, fallback]) => [name, fallback === null || typeof found[name] === typeof fallback ? (found[name] ?? fallback) : fallback]);
  return { ...(Object.fromEntries(kept) as Settings), zoom: rangeFrom(found.zoom), pinned: Array.isArray(found.pinned) ? (found.pinned as ColumnKey[]) : DEFAULTS.pinned };
}

export interface Actions {
  set(change: Partial<Settings>): void;
  open(folder: string): void;
  copy(text: string): void;
}
