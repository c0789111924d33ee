/** What the pictures of the landscape are drawn from. */
import { t } from '@vscode/l10n';
import type { Task } from '../../../src/protocol/messages.ts';
import type { RunView } from '../../../src/protocol/run.ts';
import { latestEpoch } from '../history.ts';
import { historyOf, type Model } from '../store.ts';
import type { Landscape } from './analyses.ts';
import type { Choices } from './choices.ts';
import { basinNetworks } from './cost.ts';

export interface Subject {
  run: RunView;
  model: Model;
  landscape: Landscape;
  choices: Choices;
  /** On a dark background. */
  dark: boolean;
}

export function doneMembers({ members }: RunView): string[] {
  return members.filter(({ state }) => state.status === 'done').map(({ member }) => member.name);
}

/** Networks that a plane may go through. */
export function networksThere(run: RunView): string[] {
  const [reference, ...others] = basinNetworks(run);
  return reference === undefined ? [] : [reference, ...others.filter((name) => name !== 'pretrained'), ...run.soups.map(({ name }) => name), ...others.filter((name) => name === 'pretrained')];
}

/** Of training, the last epoch of a member that has one. */
export function trainingSpeed({ run, model }: Subject): number | null {
  for (const { member } of run.members) {
    const epoch = latestEpoch(historyOf(model, member.name));
    if (epoch !== null) return epoch.imagesPerSecond;
  }
  return null;
}

export function taskOf({ model }: Subject, kind: 'basin' | 'plane' | 'sharpness' | 'measures'): Task | undefined {
  return model.tasks.find(({ question }) => question.kind === kind);
}

/** Why nothing can be computed here, or null. */
export function whyNot({ run, landscape }: Subject, members: number): string | null {
  if (!landscape.isTrusted) return t('This workspace is not trusted: look at everything, start nothing.');
  return doneMembers(run).length < members ? (members === 1 ? t('No member is done yet.') : t('Two members must be done first.')) : null;
}
