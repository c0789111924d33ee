/** What the reader has set: kept by the editor while the view is hidden. */
import type { ColumnKey } from './columns.ts';

export interface Settings {
  filter: string;
  /** All tensors in one list; null leaves it to what is open. */
  flat: boolean | null;
  /** Null until the reader chose: names of a file, change of a comparison. */
  sort: { by: ColumnKey; down: boolean } | null;
  /** Layers are open to begin with; null leaves it to their number. */
  unfolded: boolean | null;
  /** Layers that are not as they are to begin with. */
  toggled: readonly string[];
  /** Id of the node that the details are about. */
  selected: string | null;
  histogramAsTable: boolean;
  layersAsTable: boolean;
}

export const DEFAULTS: Settings = { filter: '', flat: null, sort: null, unfolded: null, toggled: [], selected: null, histogramAsTable: false, layersAsTable: false };

/** What an earlier view left may be of another version. */
export function settingsFrom(saved: unknown): Settings {
  if (typeof saved !== 'object' || saved === null) return DEFAULTS;
  const found = saved as Record<string, unknown>;
  const kept = Object.entries(DEFAULTS).map(([name, fallback]) => {
    const value = found[name];
    const fits = fallback === null ? value !== undefined : typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
    return [name, fits ? value : fallback];
  });
  return Object.fromEntries(kept) as Settings;
}

/** A first click sorts numbers from the greatest on, names from the first on. */
export function sortedBy(current: { by: ColumnKey; down: boolean }, by: ColumnKey): { by: ColumnKey; down: boolean } {
  return { by, down: current.by === by ? !current.down : by !== 'name' && by !== 'shape' && by !== 'dtype' && by !== 'status' };
}

export function withToggled(settings: Settings, id: string): Settings {
  const toggled = settings.toggled.includes(id) ? settings.toggled.filter((other) => other !== id) : [...settings.toggled, id];
  return { ...settings, toggled };
}
