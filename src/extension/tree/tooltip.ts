import * as vscode from 'vscode';
import type { ErrorJson } from '../../protocol/errors.ts';
import type { ResultRow } from '../../protocol/results.ts';
import type { MemberView, RunView } from '../../protocol/run.ts';
import { epochsOf } from '../../protocol/schedule.ts';
import { escapeMarkdown } from '../markdown.ts';
import { fractionOf } from './describe.ts';
import { progressOf, resultOf, type RunsNode } from './nodes.ts';
import { accuracyText, durationText, methodName, numberText, pointsText, progressText, sizeText, statusWord } from './words.ts';

const { l10n } = vscode;
type Fact = [name: string, value: string];

/** Recipe and numbers of a node, as Markdown. Everything that comes from a file is escaped. @param sizeBytes of a run's folder */
export function tooltipOf(node: RunsNode, sizeBytes: number | null): vscode.MarkdownString | undefined {
  const size: Fact[] = sizeBytes === null ? [] : [[l10n.t('Disk use'), sizeText(sizeBytes)]];
  switch (node.kind) {
    case 'group':
      return undefined;
    case 'run':
      return tooltip(node.run.name, [...runFacts(node.run), ...size], node.run.error);
    case 'broken':
      return tooltip(l10n.t('This run cannot be read'), [[l10n.t('Folder'), node.folder], ...size], node.error);
    case 'member':
      return tooltip(node.member.member.name, memberFacts(node.parent.run, node.member), memberError(node.member));
    case 'snapshot':
      return tooltip(node.snapshot, resultFacts(resultOf(node.parent.parent.run, node.parent.member.member.name)), null);
    case 'soup':
      return tooltip(node.soup.name, soupFacts(node.parent.run, node.soup), null);
    case 'ensemble':
      return tooltip(node.row.name, [[l10n.t('Members'), node.row.members.join(', ')], ...resultFacts(node.row)], null);
  }
}

function runFacts(run: RunView): Fact[] {
  const { labels } = run;
  const facts: Fact[] = [
    [l10n.t('Status'), [statusWord(run.status), ...(labels.archived ? [l10n.t('archived')] : [])].join(', ')],
    ...(labels.name === null ? [] : [[l10n.t('Plan'), run.planName] satisfies Fact]),
    ...(labels.tags.length === 0 ? [] : [[l10n.t('Tags'), labels.tags.join(', ')] satisfies Fact]),
    [l10n.t('Method'), l10n.t('{0}, {1} members', methodName(run.method), run.members.length)],
    [l10n.t('Progress'), progressText(progressOf(run))],
    [l10n.t('Started'), new Date(run.createdAt).toLocaleString(vscode.env.language)],
  ];
  const devices = new Set(run.members.flatMap(({ state }) => (state.device === null ? [] : [state.device.description])));
  if (devices.size > 0) facts.push([l10n.t('Device'), [...devices].join('; ')]);
  for (const row of run.results?.rows ?? []) {
    if (row.kind !== 'member') facts.push([row.name, accuracyText(row.accuracy)]);
  }
  if (run.results !== null) facts.push([l10n.t('Best member'), run.results.bestMember]);
  facts.push([l10n.t('Folder'), run.folder]);
  return facts;
}

function memberFacts(run: RunView, { member, state }: MemberView): Fact[] {
  const start = member.startsFrom === 'pretrained' ? l10n.t('the checkpoint') : member.startsFrom;
  const facts: Fact[] = [
    [l10n.t('Status'), statusWord(state.status)],
    [l10n.t('Starts from'), start],
    [l10n.t('Epochs'), `${state.epoch} / ${epochsOf(member)}`],
    [l10n.t('Learning rate'), `${numberText(member.learningRate)}, ${member.schedule}`],
    [l10n.t('Seed'), String(member.seed)],
    [l10n.t('Progress'), l10n.t('{0} (step {1} of {2})', progressText(fractionOf(state)), state.step, state.steps)],
  ];
  if (state.trainedMs > 0) facts.push([l10n.t('Training time'), durationText(state.trainedMs)]);
  if (state.device !== null) facts.push([l10n.t('Device'), state.device.description]);
  if (state.validationAccuracy !== null) facts.push([l10n.t('Validation accuracy'), accuracyText(state.validationAccuracy)]);
  return [...facts, ...resultFacts(resultOf(run, member.name))];
}

function soupFacts(run: RunView, soup: RunView['soups'][number]): Fact[] {
  return [[l10n.t('Rule'), soup.rule], [l10n.t('Members'), soup.parents.join(', ')], ...resultFacts(resultOf(run, soup.name))];
}

function resultFacts(row: ResultRow | undefined): Fact[] {
  if (row === undefined) return [];
  const facts: Fact[] = [
    [l10n.t('Test accuracy'), accuracyText(row.accuracy)],
    [l10n.t('Negative log-likelihood'), numberText(row.nll)],
    [l10n.t('Calibration error'), numberText(row.ece)],
  ];
  if (row.differenceToBest !== null) {
    const { estimate, low, high } = row.differenceToBest;
    facts.push([l10n.t('Against the best member'), l10n.t('{0} points (95 % interval {1} to {2})', pointsText(estimate), pointsText(low), pointsText(high))]);
  }
  return facts;
}

function memberError({ state }: MemberView): ErrorJson | null {
  return state.error === null ? null : (state.error as ErrorJson);
}

function tooltip(title: string, facts: Fact[], error: ErrorJson | null): vscode.MarkdownString {
  const lines = [`**${escapeMarkdown(title)}**`, ''];
  if (error !== null) {
    lines.push(`$(error) ${escapeMarkdown(error.message)}`, '');
    if (error.hint !== undefined) lines.push(`$(lightbulb) ${escapeMarkdown(error.hint)}`, '');
  }
  lines.push('| | |', '|:--|:--|', ...facts.map(([name, value]) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)} |`));
  return new vscode.MarkdownString(lines.join('\n'), true);
}
