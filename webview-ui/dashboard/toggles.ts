/** What the user has set in the view. It outlives a reload in the webview's own state; nothing of the run is in it. */
import { rangeFrom, type Range } from '../charts/plot/range.ts';
import { choicesFrom, DEFAULT_CHOICES, withChange, type Choices, type ChoicesChange } from './landscape/choices.ts';

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
  logRate: boolean;
  /** The y axes leave out what lies far from everything else. */
  clip: boolean;
  /** Charts shown as tables. */
  tables: readonly ChartName[];
  /** The epochs that the charts show, or null for all. */
  zoom: Range | null;
  /** The log that is on show: `supervisor` or a member; null while the panel is closed. */
  log: string | null;
  /** What each trainer uses, as a table. */
  trainers: boolean;
  landscape: Choices;
}

export const DEFAULT_TOGGLES: Toggles = { hidden: [], pinned: null, deselected: [], smoothing: 0.6, logLoss: false, logRate: false, clip: false, tables: [], zoom: null, log: null, trainers: false, landscape: DEFAULT_CHOICES };
export const MAX_SMOOTHING = 0.99;

export type ToggleEvent =
  | { type: 'hide'; member: string }
  | { type: 'pin'; member: string }
  | { type: 'select'; member: string }
  | { type: 'smooth'; weight: number }
  | { type: 'logLoss' | 'logRate' | 'clip' | 'trainers' }
  | { type: 'table'; chart: ChartName }
  | { type: 'zoom'; range: Range | null }
  | { type: 'log'; log: string | null }
  | { type: 'landscape'; change: ChoicesChange };

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
    case 'logRate':
    case 'clip':
    case 'trainers':
      return { ...toggles, [event.type]: !toggles[event.type] };
    case 'landscape':
      return { ...toggles, landscape: withChange(toggles.landscape, event.change) };
    case 'table':
      return { ...toggles, tables: flipped(toggles.tables, event.chart) };
    case 'zoom':
      return { ...toggles, zoom: event.range };
    case 'log':
      return { ...toggles, log: event.log };
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
    logRate: value.logRate === true,
    clip: value.clip === true,
    tables: CHARTS.filter((chart) => strings(value.tables).includes(chart)),
    landscape: choicesFrom(value.landscape),
    zoom: rangeFrom(value.zoom),
    log: typeof value.log === 'string' && /^(supervisor|member-[1-9]\d*)$/.test(value.log) ? value.log : null,
    trainers: value.trainers === true,
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
