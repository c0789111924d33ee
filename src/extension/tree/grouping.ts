/** Runs under headings: by method, plan, status, day or tag. */
import type { RunView } from '../../protocol/run.ts';

export const GROUPINGS = ['none', 'method', 'plan', 'status', 'day', 'tag'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Group<T> {
  /** What the runs share, as their files have it; null for those that have none: no tag, or unreadable. */
  key: string | null;
  entries: T[];
}

/** What needs a look comes first. */
const STATUSES = ['running', 'evaluating', 'queued', 'failed', 'interrupted', 'stopped', 'done'];

/**
 * Groups in the order of their newest run, of status by urgency, of tags by name; the one without a key is last. By tag a run is
 * in as many groups as it has tags.
 * @param entries newest first
 */
export function grouped<T extends { view: RunView | null }>(entries: readonly T[], grouping: Exclude<Grouping, 'none'>): Group<T>[] {
  const groups = new Map<string | null, T[]>();
  for (const entry of entries) {
    for (const key of keysOf(entry.view, grouping)) groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const found = [...groups].map(([key, members]): Group<T> => ({ key, entries: members }));
  const named = found.filter(({ key }) => key !== null);
  if (grouping === 'status') named.sort((a, b) => STATUSES.indexOf(a.key ?? '') - STATUSES.indexOf(b.key ?? ''));
  else if (grouping === 'tag') named.sort((a, b) => (a.key ?? '').localeCompare(b.key ?? '', 'en'));
  return [...named, ...found.filter(({ key }) => key === null)];
}

function keysOf(run: RunView | null, grouping: Exclude<Grouping, 'none'>): (string | null)[] {
  if (run === null) return [null];
  switch (grouping) {
    case 'method':
      return [run.method];
    case 'plan':
      return [run.planName];
    case 'status':
      return [run.status];
    case 'day':
      return [dayOf(run.createdAt)];
    case 'tag':
      return run.labels.tags.length === 0 ? [null] : run.labels.tags;
  }
}

/** The day in this machine's time zone: "2026-05-12". */
export function dayOf(iso: string): string {
  const date = new Date(iso);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
