import * as vscode from 'vscode';
import type { BackendReport, DoctorReport } from '../protocol/doctor.ts';
import { escapeMarkdown } from './markdown.ts';

/** What `doctor` found, as Markdown: the back ends, what is missing and what mends it, the machine. */
export function doctorReport(report: DoctorReport): string {
  const { l10n } = vscode;
  const row = (...cells: string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const auto = report.backends.find((backend) => backend.auto);
  return [
    `# ${l10n.t('What this machine can train with')}`,
    '',
    auto === undefined
      ? `**${l10n.t('No back end can be used.')}**`
      : l10n.t('A run takes **{0}** unless its plan or the settings say otherwise.', escapeMarkdown(nameOf(auto))),
    '',
    row(l10n.t('Back end'), l10n.t('Usable'), l10n.t('Device'), l10n.t('Versions')),
    '|:--|:--|:--|:--|',
    ...report.backends.map((backend) => row(backend.backend, backend.usable ? l10n.t('yes') : l10n.t('no'), backend.device?.description ?? '', versionsOf(backend.versions))),
    '',
    ...report.backends.flatMap(missingOf),
    `## ${l10n.t('Machine')}`,
    '',
    row(l10n.t('Part'), l10n.t('Value')),
    '|:--|:--|',
    row(l10n.t('Processor'), l10n.t('{0}, {1} cores', report.cpu, report.cores)),
    row(l10n.t('Memory'), `${(report.memoryBytes / 2 ** 30).toFixed(1)} GiB`),
    row(l10n.t('Platform'), report.platform),
    row('Node.js', `${report.node.version} (${report.node.path})`),
    row('StarSSE', report.starsse),
    row(l10n.t('Cache folder'), report.cacheFolder),
    '',
  ].join('\n');
}

function nameOf({ backend, device }: BackendReport): string {
  return device === null ? backend : `${backend} (${device.description})`;
}

function versionsOf(versions: Record<string, string>): string {
  return Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ');
}

function missingOf({ backend, missing }: BackendReport): string[] {
  if (missing === null) return [];
  const lines = [`### ${vscode.l10n.t('Why not {0}', backend)}`, '', escapeMarkdown(missing.message), ''];
  if (missing.hint !== undefined) lines.push(...hintLines(missing.hint));
  return lines;
}

/** A hint is a sentence, or the command that gets what is missing; the editor's own does the same. */
function hintLines(hint: string): string[] {
  if (/[.!]$/.test(hint)) return [escapeMarkdown(hint), ''];
  return ['```', hint.replaceAll('```', ''), '```', '', vscode.l10n.t('Or use the command "StarSSE: Install Back End".'), ''];
}
