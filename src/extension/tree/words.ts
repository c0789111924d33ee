import * as vscode from 'vscode';
import type { MemberStatus, RunStatus } from '../../protocol/run.ts';
import { byteSize, duration, percent, points, relativeTime } from './format.ts';

const { l10n } = vscode;

export function statusWord(status: RunStatus | MemberStatus): string {
  switch (status) {
    case 'queued':
      return l10n.t('queued');
    case 'running':
      return l10n.t('running');
    case 'evaluating':
      return l10n.t('evaluating');
    case 'done':
      return l10n.t('done');
    case 'stopped':
      return l10n.t('stopped');
    case 'failed':
      return l10n.t('failed');
    case 'interrupted':
      return l10n.t('interrupted');
  }
}

/** The field's name of a method; an unknown one as the plan has it. */
export function methodName(kind: string): string {
  const names: Record<string, string> = {
    'fine-tuning': l10n.t('Fine-tuning'), starsse: 'StarSSE', sse: 'SSE', fge: 'FGE', 'local-de': 'Local DE', 'global-de': 'Global DE',
  };
  return names[kind] ?? kind;
}

/** An accuracy or another fraction of images. */
export function accuracyText(fraction: number): string {
  return percent(fraction, vscode.env.language, 1);
}

export function progressText(fraction: number): string {
  return percent(fraction, vscode.env.language, 0);
}

export function agoText(iso: string): string {
  return relativeTime(iso, Date.now(), vscode.env.language);
}

/** @param day "2026-05-12" */
export function dayText(day: string): string {
  return new Date(`${day}T12:00:00`).toLocaleDateString(vscode.env.language, { weekday: 'short', year: 'numeric', month: 'long', day: 'numeric' });
}

export function durationText(ms: number): string {
  return duration(ms, vscode.env.language);
}

/** What something takes on a disk. */
export function sizeText(bytes: number): string {
  return byteSize(bytes, vscode.env.language);
}

/** A difference of accuracies. */
export function pointsText(difference: number): string {
  return points(difference, vscode.env.language);
}

export function numberText(value: number): string {
  return new Intl.NumberFormat(vscode.env.language, { maximumSignificantDigits: 4 }).format(value);
}
