/** What a screen reader should hear when the state has changed: few words, and never a number that changes all the time. */
import { t } from '@vscode/l10n';
import type { RunView } from '../../src/protocol/run.ts';
import { memberName, rowName, statusName } from '../words/naming.ts';
import type { Model } from './store.ts';
import { verdict } from '../results/verdict.ts';

export function announcement(before: Model, after: Model): string {
  const { run } = after;
  if (run === null || before.run === null) return '';
  return [...statusChanges(before.run, run), ...addedRow(before, after), ...notice(before, after)].join(' ');
}

function statusChanges(before: RunView, after: RunView): string[] {
  const members = after.members.flatMap(({ member, state }) => {
    const old = before.members.find((other) => other.member.name === member.name);
    return old === undefined || old.state.status === state.status ? [] : [t('{0}: {1}.', memberName(member.name), statusName(state.status))];
  });
  return before.status === after.status ? members : [...members, t('Run: {0}.', statusName(after.status))];
}

function addedRow(before: Model, after: Model): string[] {
  const results = after.run?.results;
  if (!results || after.added === null || after.added === before.added) return [];
  const row = results.rows.find(({ name }) => name === after.added);
  return row === undefined ? [] : [verdict(row, results) ?? t('{0} is in the table.', rowName(row))];
}

function notice(before: Model, after: Model): string[] {
  if (after.notice === before.notice || after.notice?.kind !== 'error') return [];
  return [after.notice.error.message, after.notice.error.hint ?? ''];
}
