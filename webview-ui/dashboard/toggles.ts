/** What the user has set in the view. It outlives a reload in the webview's own state; nothing of the run is in it. */

export const CHARTS = ['loss', 'validation', 'rate'] as const;
export type ChartName = (typeof CHARTS)[number];

export interface Toggles {
  /** Members whose curves are not drawn. */
  hidden: readonly string[];
  /** The member whose curves stand out, or null. */
  pinned: string | null;
  /** Finished members left out of the next soup or ensemble. */
  deselected: readonly string[];
  /** Weight of the moving average, 0 to 0.99. */
  smoothing: number;
  logLoss: boolean;
  /** Charts shown as tables. */
  tables: readonly ChartName[];
}

export const DEFAULT_TOGGLES: Toggles = { hidden: [], pinned: null, deselected: [], smoothing: 0.6, logLoss: false, tables: [] };
export const MAX_SMOOTHING = 0.99;

export type ToggleEvent =
  | { type: 'hide'; member: string }
  | { type: 'pin'; member: string }
  | { type: 'select'; member: string }
  | { type: 'smooth'; weight: number }
  | { type: 'logLoss' }
  | { type: 'table'; chart: ChartName };

export function toggle(toggles: Toggles, event: ToggleEvent): Toggles {
  switch (event.type) {
    case 'hide':
      return { ...toggles, hidden: flipped(toggles.hidden, event.member) };
    case 'pin':
      return { ...toggles, pinned: toggles.pinned === event.member ? null : event.member };
    case 'select':
      return { ...toggles, deselected: flipped(toggles.deselected, event.member) };
    case 'smooth':
      return { ...toggles, smoothing: clampWeight(event.weight) };
    case 'logLoss':
      return { ...toggles, logLoss: !toggles.logLoss };
    case 'table':
      return { ...toggles, tables: flipped(toggles.tables, event.chart) };
  }
}

/** Reads what an earlier view left; anything that does not fit takes its default. */
export function togglesFrom(saved: unknown): Toggles {
  if (typeof saved !== 'object' || saved === null) return DEFAULT_TOGGLES;
  const value = saved as Partial<Record<keyof Toggles, unknown>>;
  return {
    hidden: strings(value.hidden),
    pinned: typeof value.pinned === 'string' ? value.pinned : null,
    deselected: strings(value.deselected),
    smoothing: typeof value.smoothing === 'number' ? clampWeight(value.smoothing) : DEFAULT_TOGGLES.smoothing,
    logLoss: value.logLoss === true,
    tables: CHARTS.filter((chart) => strings(value.tables).includes(chart)),
  };
}

function clampWeight(weight: number): number {
  return Number.isFinite(weight) ? Math.min(MAX_SMOOTHING, Math.max(0, weight)) : DEFAULT_TOGGLES.smoothing;
}

function flipped<T>(list: readonly T[], item: T): readonly T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
