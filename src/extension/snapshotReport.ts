import * as vscode from 'vscode';
import type { SnapshotSummary } from '../protocol/results.ts';
import { escapeMarkdown } from './markdown.ts';

/** A snapshot's metadata and tensors as Markdown. */
export function snapshotReport({ path, metadata, tensors, parameters }: SnapshotSummary): string {
  const { l10n } = vscode;
  const number = new Intl.NumberFormat(vscode.env.language);
  const row = (...cells: string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [
    `# ${escapeMarkdown(path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1))}`,
    '',
    `${escapeMarkdown(path)}  `,
    l10n.t('{0} parameters in {1} tensors', number.format(parameters), tensors.length),
    '',
    row(l10n.t('Metadata'), l10n.t('Value')),
    '|:--|:--|',
    ...Object.entries(metadata).map(([name, value]) => row(name, value)),
    '',
    row(l10n.t('Tensor'), l10n.t('Type'), l10n.t('Shape'), l10n.t('Bytes')),
    '|:--|:--|:--|--:|',
    ...tensors.map(({ name, dtype, shape, sizeBytes }) => row(name, dtype, shape.join(' × '), number.format(sizeBytes))),
    '',
  ].join('\n');
}
