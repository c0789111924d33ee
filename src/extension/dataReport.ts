import path from 'node:path';
import * as vscode from 'vscode';
import type { DataProblem, DataReport } from '../protocol/data-report.ts';
import { escapeMarkdown } from './markdown.ts';

/** What a plan's data are and what is wrong with them, as Markdown: problems first, then the classes in each set. */
export function dataReport(report: DataReport): string {
  const { l10n } = vscode;
  const number = new Intl.NumberFormat(vscode.env.language);
  const row = (...cells: string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const names = { train: l10n.t('Training'), validation: l10n.t('Validation'), test: l10n.t('Test') };
  return [
    `# ${l10n.t('Data of {0}', escapeMarkdown(path.basename(report.plan)))}`,
    '',
    report.values === 'pixels'
      ? l10n.t('{0} classes, images of {1}', report.classes.length, report.shape.join(' × '))
      : l10n.t('{0} classes, {1} features', report.classes.length, report.shape[2]),
    ...(report.sizes === null
      ? []
      : ['', l10n.t('Files are {0} to {1} pixels, the middle one {2}.', ...[report.sizes.smallest, report.sizes.largest, report.sizes.median].map((size) => size.join(' × ')))]),
    '',
    `## ${l10n.t('Problems')}`,
    '',
    ...(report.problems.length === 0 ? [l10n.t('None was found.'), ''] : report.problems.flatMap(problemLines)),
    `## ${l10n.t('Classes')}`,
    '',
    row(l10n.t('Class'), ...report.sets.map(({ name }) => names[name])),
    `|:--|${report.sets.map(() => '--:|').join('')}`,
    ...report.classes.map((name, index) => row(name, ...report.sets.map(({ perClass }) => number.format(perClass[index])))),
    row(l10n.t('All'), ...report.sets.map(({ examples }) => number.format(examples))),
    '',
    ...(report.unused === 0 ? [] : [l10n.t('{0} labelled examples are in no set.', number.format(report.unused)), '']),
  ].join('\n');
}

function problemLines({ severity, message, examples }: DataProblem): string[] {
  const mark = severity === 'refused' ? vscode.l10n.t('A run would not start') : vscode.l10n.t('Warning');
  return [`**${mark}:** ${escapeMarkdown(message)}`, '', ...examples.map((example) => `- ${escapeMarkdown(example)}`), ''];
}
