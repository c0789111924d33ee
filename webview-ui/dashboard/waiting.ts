/** What an empty place waits for, in words. */
import { t } from '@vscode/l10n';
import type { MemberView, RunView } from '../../src/protocol/run.ts';
import { startName } from '../words/naming.ts';

/** Why a queued member does not train yet. */
export function memberWaits(view: MemberView, run: RunView): string {
  if (run.status !== 'running' && run.status !== 'queued') return t('Was not started. Resume the run to train it.');
  const start = run.members.find(({ member }) => member.name === view.member.startsFrom);
  if (start !== undefined && start.state.status !== 'done') return t('Waits for {0} to finish.', startName(view.member.startsFrom));
  if (run.status === 'queued') return t('Waits for the run to start.');
  return run.workers === 1 ? t('Waits for the trainer: one member trains at a time.') : t('Waits for a free trainer: {0} members train side by side.', run.workers);
}

/** Why there are no curves yet. */
export function curvesWait(run: RunView): string {
  switch (run.status) {
    case 'queued':
      return t('The run is queued. Curves begin with the first training step.');
    case 'running':
      return t('The first trainer is starting. Curves begin with the first training step.');
    default:
      return t('No training step was recorded. Resume the run to train.');
  }
}

/** Why there is no result table yet. */
export function resultsWait(run: RunView): string {
  const left = run.members.filter(({ state }) => state.status !== 'done').length;
  switch (run.status) {
    case 'evaluating':
      return t('All members are trained. Their predictions, the soup and the ensemble are being evaluated.');
    case 'queued':
    case 'running':
      return t('The table comes when all members are trained ({0} to go): every member, their soup and their ensemble on the test images.', left);
    case 'done':
      return t('Choose members and make a soup or an ensemble.');
    default:
      return t('The run ended before its table. Resume it, or make a soup or an ensemble of the members that are done.');
  }
}
