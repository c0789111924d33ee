/** What a screen reader should hear when something has changed: few words, and no progress. */
import { t } from '@vscode/l10n';
import { verdict } from '../results/verdict.ts';
import { rowName, verdictName, memberName } from '../words/naming.ts';
import type { Model } from './store.ts';
import { noticeText } from './view/compose.ts';

export function announcement(before: Model, after: Model): string {
  return [...addedRow(before, after), ...gateDone(before, after), ...notice(before, after)].join(' ');
}

function addedRow(before: Model, after: Model): string[] {
  const table = after.state?.table;
  if (!table || after.added === null || after.added === before.added) return [];
  const row = table.rows.find(({ name }) => name === after.added);
  return row === undefined ? [] : [verdict(row, table) ?? t('{0} is in the table.', rowName(row))];
}

/** The gate's verdicts, when it has come to its end. */
function gateDone(before: Model, after: Model): string[] {
  const ended = before.tasks.some(({ id, question }) => question.kind === 'gate' && after.tasks.every((task) => task.id !== id));
  if (!ended || after.looked === null) return [];
  return after.looked.members.flatMap(({ name, verdict: found }) => (found === null ? [] : [t('{0}: {1}.', memberName(name.split('/').at(-1)!), verdictName(found))]));
}

function notice(before: Model, after: Model): string[] {
  return after.notice === null || after.notice === before.notice ? [] : [noticeText(after.notice)];
}
