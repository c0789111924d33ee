/** What the comparison knows and what the reader has set. */
import type { ToView } from '../../src/protocol/compare-messages.ts';
import type { ColumnKey } from './columns.ts';
import type { Brushes } from './parallel.ts';

export type Snapshot = Extract<ToView, { type: 'snapshot' }>;

export interface Settings {
  filter: string;
  sort: { by: ColumnKey; down: boolean };
  measure: 'accuracy' | 'loss';
  curvesAsTable: boolean;
  sweepAsTable: boolean;
  /** Name of the tuner's sweep; empty = the runs. */
  sweep: string;
  brushes: Brushes;
  /** Folder of the run that stands out. */
  chosen: string | null;
}

export const DEFAULTS: Settings = { filter: '', sort: { by: 'ensemble', down: true }, measure: 'accuracy', curvesAsTable: false, sweepAsTable: false, sweep: '', brushes: {}, chosen: null };

/** What an earlier view left may be of another version. */
export function settingsFrom(saved: unknown): Settings {
  if (typeof saved !== 'object' || saved === null) return DEFAULTS;
  const found = saved as Record<string, unknown>;
  const kept = Object.entries(DEFAULTS).map(([name, fallback]) => [name, fallback === null || typeof found[name] === typeof fallback ? (found[name] ?? fallback) : fallback]);
  return Object.fromEntries(kept) as Settings;
}

export interface Actions {
  set(change: Partial<Settings>): void;
  open(folder: string): void;
  copy(text: string): void;
}
