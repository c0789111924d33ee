import * as vscode from 'vscode';
import type { MemberView, RunView } from '../../protocol/run.ts';
import { isLive } from '../runs/runCatalog.ts';
import { brokenReason, headline, progressOf, resultOf, type GroupNode, type RunsNode } from './nodes.ts';
import { accuracyText, agoText, dayText, durationText, methodName, progressText, statusWord } from './words.ts';

const { l10n } = vscode;

export function labelOf(node: RunsNode): string {
  switch (node.kind) {
    case 'group':
      return groupName(node);
    case 'run':
      return node.run.name;
    case 'broken':
      return fileName(node.folder);
    case 'member':
      return node.member.member.name;
    case 'snapshot':
      return fileName(node.snapshot);
    case 'soup':
      return node.soup.name;
    case 'ensemble':
      return node.row.name;
  }
}

/** The grey text behind the label. */
export function descriptionOf(node: RunsNode): string {
  switch (node.kind) {
    case 'group':
      return node.runs.length === 1 ? l10n.t('1 run') : l10n.t('{0} runs', node.runs.length);
    case 'run':
      return [runDescription(node.run), ...node.run.labels.tags.map((tag) => `#${tag}`)].join(' ');
    case 'broken':
      return brokenReason(node);
    case 'member':
      return memberDescription(node.parent.run, node.member);
    case 'snapshot':
      return l10n.t('snapshot');
    case 'soup': {
      const result = resultOf(node.parent.run, node.soup.name);
      const of = l10n.t('of {0} members', node.soup.parents.length);
      return result === undefined ? of : `${accuracyText(result.accuracy)} · ${of}`;
    }
    case 'ensemble':
      return `${accuracyText(node.row.accuracy)} · ${l10n.t('of {0} members', node.row.members.length)}`;
  }
}

function groupName({ grouping, key }: GroupNode): string {
  if (key === null) return grouping === 'tag' ? l10n.t('No tag') : l10n.t('Unreadable');
  switch (grouping) {
    case 'method':
      return methodName(key);
    case 'status':
      return statusWord(key as RunView['status']);
    case 'day':
      return dayText(key);
    case 'plan':
      return key;
    case 'tag':
      return `#${key}`;
  }
}

/** What a screen reader says: the label, the status in words and the description. */
export function spokenText(node: RunsNode): string {
  const status = node.kind === 'run' ? statusWord(node.run.status) : node.kind === 'member' ? statusWord(node.member.state.status) : null;
  const parts = node.kind === 'broken' ? [l10n.t('Unreadable run'), labelOf(node)] : [labelOf(node)];
  if (status !== null && !descriptionOf(node).includes(status)) parts.push(status);
  return [...parts, descriptionOf(node)].join(', ');
}

function runDescription(run: RunView): string {
  const age = agoText(run.createdAt);
  if (run.status === 'evaluating') return `${statusWord(run.status)} · ${age}`;
  if (isLive(run)) return `${progressText(progressOf(run))} · ${age}`;
  if (run.status !== 'done') return `${statusWord(run.status)} · ${progressText(progressOf(run))} · ${age}`;
  const best = headline(run);
  return best === undefined ? age : `${l10n.t('ensemble {0}', accuracyText(best.accuracy))} · ${age}`;
}

function memberDescription(run: RunView, { member, state }: MemberView): string {
  switch (state.status) {
    case 'running': {
      const left = timeLeftMs(state);
      const progress = progressText(fractionOf(state));
      return left === null ? progress : `${progress} · ${l10n.t('{0} left', durationText(left))}`;
    }
    case 'done': {
      const accuracy = resultOf(run, member.name)?.accuracy ?? state.validationAccuracy;
      const age = state.finishedAt === null ? '' : agoText(state.finishedAt);
      return [accuracy === null ? '' : accuracyText(accuracy), age].filter((part) => part !== '').join(' · ');
    }
    case 'queued':
      return statusWord('queued');
    default:
      return `${statusWord(state.status)} · ${progressText(fractionOf(state))}`;
  }
}

export function fractionOf(state: MemberView['state']): number {
  return state.steps === 0 ? 0 : state.step / state.steps;
}

/** Milliseconds until a running member is done, at its pace so far; null before it has one. */
export function timeLeftMs(state: MemberView['state']): number | null {
  return state.step === 0 ? null : (state.trainedMs / state.step) * (state.steps - state.step);
}

function fileName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
