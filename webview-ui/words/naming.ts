/** What things of a run are called on the screen. */
import { t } from '@vscode/l10n';
import type { Verdict } from '../../src/protocol/basin.ts';
import type { ResultRow, ResultTable } from '../../src/protocol/results.ts';
import type { Device, MemberStatus, RunStatus } from '../../src/protocol/run.ts';
import type { SoupRuleName } from '../../src/protocol/soup.ts';
import { ranges } from './figures.ts';

/** member-3 -> 3 */
export function numberOf(member: string): number {
  return Number(member.slice('member-'.length));
}

export function memberName(member: string): string {
  return t('Member {0}', numberOf(member));
}

/** A start: pre-trained weights or a member. */
export function startName(startsFrom: string): string {
  return startsFrom === 'pretrained' ? t('pre-trained weights') : t('member {0}', numberOf(startsFrom));
}

export function membersName(members: readonly string[]): string {
  return members.length === 1 ? memberName(members[0]) : t('Members {0}', numbersName(members));
}

/** Numbers of members, ranges shortened; those of another run, `<run>/member-3`, as the end of its name and the number: 1–3, kfqa/3 */
export function numbersName(members: readonly string[]): string {
  const own = members.filter((member) => !member.includes('/'));
  const others = members.flatMap((member) => {
    const [run, name] = member.split('/');
    return name === undefined ? [] : [`${run.slice(-4)}/${numberOf(name)}`];
  });
  return [...(own.length === 0 ? [] : [ranges(own.map(numberOf))]), ...others].join(', ');
}

export function rowName(row: ResultRow): string {
  const parts = numbersName(row.members);
  switch (row.kind) {
    case 'member':
      return memberName(row.name);
    case 'mean-member':
      return t('Mean of members');
    case 'soup':
      return ownName(row) ?? (row.members.length === 1 ? t('Soup of member {0} alone', parts) : t('Soup of members {0}', parts));
    case 'ensemble':
      return t('Ensemble of members {0}', parts);
  }
}

/** A row as the subject of a sentence. */
export function rowSubject(row: ResultRow): string {
  const parts = numbersName(row.members);
  switch (row.kind) {
    case 'soup':
      return ownName(row) ?? (row.members.length === 1 ? t('The soup of member {0} alone', parts) : t('The soup of members {0}', parts));
    case 'ensemble':
      return t('The ensemble of members {0}', parts);
    default:
      return rowName(row);
  }
}

/** The plan's metric within a sentence. */
export function metricName({ metric }: Pick<ResultTable, 'metric'>): string {
  return metric === 'accuracy' ? t('accuracy') : t('mean per-class accuracy');
}

/** Of what is in the table as a soup and is none of members. */
function ownName({ name, members }: ResultRow): string | null {
  return averageName(name) ?? (name.startsWith('distilled-') ? t('Distilled from members {0}', numbersName(members)) : null);
}

/** The averages of one training, which are soups of its own moments; null for soups of members. */
export function averageName(soup: string): string | null {
  if (soup.startsWith('soup-swa-')) return t('Weight average (SWA)');
  return soup.startsWith('soup-ema-') ? t('Moving average (EMA)') : null;
}

export function statusName(status: RunStatus | MemberStatus): string {
  switch (status) {
    case 'queued':
      return t('Queued');
    case 'running':
      return t('Running');
    case 'evaluating':
      return t('Evaluating');
    case 'done':
      return t('Done');
    case 'stopped':
      return t('Stopped');
    case 'failed':
      return t('Failed');
    case 'interrupted':
      return t('Interrupted');
  }
}

/** The name of a method and what it does, in one sentence; an unknown method keeps its own name. */
export function methodName(method: string): { name: string; description: string } {
  switch (method) {
    case 'starsse':
      return { name: 'StarSSE', description: t('Every later member starts from member 1 and trains for one learning-rate cycle.') };
    case 'sse':
      return { name: 'SSE', description: t('Every later member starts from the member before it and trains for one learning-rate cycle.') };
    case 'fge':
      return { name: 'FGE', description: t('Short triangular cycles, one after another or from member 1; the learning rate changes every step.') };
    case 'fine-tuning':
      return { name: t('Fine-tuning'), description: t('One network, with the averages of its own training.') };
    case 'local-de':
      return { name: 'Local DE', description: t('Independent fine-tunings of one checkpoint.') };
    case 'global-de':
      return { name: 'Global DE', description: t('Independent fine-tunings of independent checkpoints.') };
    default:
      return { name: method, description: '' };
  }
}

export function backendName(backend: Device['backend']): string {
  switch (backend) {
    case 'tensorflow':
      return 'TensorFlow';
    case 'webgpu':
      return 'WebGPU';
    case 'wasm':
      return 'WASM';
    case 'cpu':
      return t('plain JavaScript');
  }
}

/** "TensorFlow on CPU" */
export function deviceName(device: Device): string {
  return device.kind === 'gpu' ? t('{0} on GPU', backendName(device.backend)) : t('{0} on CPU', backendName(device.backend));
}

/** A rule of soups by its name in the field. */
export function ruleName(rule: SoupRuleName): string {
  const names: Record<SoupRuleName, string> = {
    uniform: t('Uniform'), greedy: t('Greedy'), 'greedy-removal': t('Greedy with removal'), weighted: t('Weighted'), learned: t('Learned'), 'wise-ft': 'WiSE-FT', slerp: 'SLERP', ties: 'TIES', dare: 'DARE',
    'model-stock': 'Model stock',
  };
  return names[rule];
}

/** What a rule does, in one line. */
export function ruleDescription(rule: SoupRuleName): string {
  switch (rule) {
    case 'uniform':
      return t('The plain mean.');
    case 'greedy':
      return t('The best member first; the next joins if the validation score rises.');
    case 'greedy-removal':
      return t('Greedy, then members are taken out and tried again while the score rises.');
    case 'weighted':
      return t('Shares that you set.');
    case 'learned':
      return t('Shares learned by gradient on validation images, for the network or for each layer.');
    case 'wise-ft':
      return t('A point on the line from the pre-trained weights to the mean of the members.');
    case 'slerp':
      return t('A point on the arc between two members.');
    case 'ties':
      return t('The largest changes from the pre-trained weights, where their signs agree.');
    case 'dare':
      return t('A random part of the changes from the pre-trained weights, scaled up.');
    case 'model-stock':
      return t('The mean, drawn towards the pre-trained weights by the angles between members.');
  }
}

/** Is a network in the basin? */
export function verdictName(verdict: Verdict): string {
  switch (verdict) {
    case 'inside':
      return t('inside');
    case 'border':
      return t('border');
    case 'outside':
      return t('outside');
  }
}
