import type { RunEntry } from '../runs/runCatalog.ts';
import { fits, parseFilter } from './filter.ts';

export interface Shown {
  entries: RunEntry[];
  /** Runs that the filter keeps out, and archived ones that it would show. */
  filteredOut: number;
  archived: number;
}

/** @param entries all runs, newest first */
export function shownOf(entries: readonly RunEntry[], { filter, archived }: { filter: string; archived: boolean }): Shown {
  const wanted = parseFilter(filter);
  const fitting = entries.filter(({ folder, view }) => fits(wanted, folder, view));
  const shown = fitting.filter(({ view }) => archived || !view?.labels.archived);
  return { entries: shown, filteredOut: entries.length - fitting.length, archived: fitting.length - shown.length };
}
