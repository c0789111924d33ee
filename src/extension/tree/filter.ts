/** Which runs the tree shows: words, and `@status:`, `@tag:` and `@method:` as other views of the editor have them. */
import type { RunView } from '../../protocol/run.ts';

export interface RunFilter {
  /** In lower case; each must be in the run's name, plan, id or a tag. */
  words: string[];
  /** Any of them; empty for all. */
  statuses: string[];
  methods: string[];
  /** All of them. */
  tags: string[];
}

const TERM = /^@(status|tag|method):(\S+)$/;

/** A term with nothing behind its colon, as while it is typed, says nothing yet. */
export function parseFilter(text: string): RunFilter {
  const filter: RunFilter = { words: [], statuses: [], methods: [], tags: [] };
  for (const part of text.split(/\s+/)) {
    const [, kind, value] = TERM.exec(part) ?? [];
    if (kind === 'status') filter.statuses.push(value);
    else if (kind === 'method') filter.methods.push(value);
    else if (kind === 'tag') filter.tags.push(value);
    else if (part !== '' && !/^@(status|tag|method)?:?$/.test(part)) filter.words.push(part.toLowerCase());
  }
  return filter;
}

export function isFilter(text: string): boolean {
  const { words, statuses, methods, tags } = parseFilter(text);
  return words.length + statuses.length + methods.length + tags.length > 0;
}

/** @param run null for a folder that cannot be read, which only words can find. */
export function fits({ words, statuses, methods, tags }: RunFilter, folder: string, run: RunView | null): boolean {
  const text = [folder.slice(Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\')) + 1), ...(run === null ? [] : [run.name, run.planName, ...run.labels.tags])].join('\n').toLowerCase();
  if (!words.every((word) => text.includes(word))) return false;
  if (run === null) return statuses.length + methods.length + tags.length === 0;
  const anyOf = (values: string[], value: string): boolean => values.length === 0 || values.includes(value);
  return anyOf(statuses, run.status) && anyOf(methods, run.method) && tags.every((tag) => run.labels.tags.includes(tag));
}

/** The text with a term put in, or taken out when it is there. */
export function toggled(text: string, term: string): string {
  const parts = text.split(/\s+/).filter((part) => part !== '');
  return (parts.includes(term) ? parts.filter((part) => part !== term) : [...parts, term]).join(' ');
}

/** Every term that some run has, in the order of the kinds, with how many runs it leaves. */
export function termsOf(runs: readonly RunView[]): { term: string; runs: number }[] {
  const counts = new Map<string, number>();
  const sorted = (values: (run: RunView) => string[], kind: string): void => {
    const all = runs.flatMap(values).sort((a, b) => a.localeCompare(b, 'en'));
    for (const value of all) counts.set(`@${kind}:${value}`, (counts.get(`@${kind}:${value}`) ?? 0) + 1);
  };
  sorted(({ status }) => [status], 'status');
  sorted(({ labels }) => labels.tags, 'tag');
  sorted(({ method }) => [method], 'method');
  return [...counts].map(([term, count]) => ({ term, runs: count }));
}
