/** Why what is chosen cannot be made, told before anybody starts a trainer; and when the gate may look by itself. */
import { t } from '@vscode/l10n';
import type { ComposeState, SoupQuestion } from '../../src/protocol/compose-messages.ts';
import { memberName, ruleName } from '../words/naming.ts';
import { chosenOf, gateKey, soupQuestion, weightsOf, type Candidate, type Choice } from './choice.ts';
import type { Model } from './store.ts';

/** All subsets of more candidates are too many. */
const MOST_FOR_BEST = 12;

/** Null when nothing is wrong. */
export function refusal(state: ComposeState, choice: Choice): string | null {
  const chosen = chosenOf(state, choice);
  if (!state.trusted) return t('This workspace is not trusted: runs can be looked at, but not started or changed.');
  const single = choice.kind === 'soup' && choice.rule === 'wise-ft';
  if (chosen.length < 2 && !(single && chosen.length === 1)) {
    return chosen.length === 0 ? t('No member is chosen: choose two at least.') : t('Only {0} is chosen: choose two members at least.', nameOf(chosen[0], state));
  }
  return otherData(state, chosen) ?? (choice.kind === 'soup' ? soupRefusal(state, choice, chosen) : ensembleRefusal(choice, chosen));
}

function soupRefusal(state: ComposeState, choice: Choice, chosen: readonly Candidate[]): string | null {
  const { rule } = choice;
  const different = chosen.find(({ member }) => member.layout !== chosen[0].member.layout);
  if (different !== undefined) {
    const text = state.differences.find(({ layouts }) => layouts.includes(different.member.layout ?? -1) && layouts.includes(chosen[0].member.layout ?? -1))?.text ?? '';
    return t('{0} and {1} are different networks: {2}. Their weights cannot be averaged; their predictions can.', nameOf(chosen[0], state), nameOf(different, state), text);
  }
  if (rule === 'slerp' && chosen.length !== 2) return t('{0} mixes two members, and {1} are chosen.', ruleName(rule), chosen.length);
  return rule === 'weighted' && weightsOf(choice, chosen).every((weight) => weight === 0) ? t('All weights are 0.') : null;
}

function ensembleRefusal(choice: Choice, chosen: readonly Candidate[]): string | null {
  if (choice.averaging === 'best' && chosen.length > MOST_FOR_BEST) return t('All subsets of {0} members are too many: choose {1} at most, or greedy selection.', chosen.length, MOST_FOR_BEST);
  return choice.averaging === 'weighted' && weightsOf(choice, chosen).every((weight) => weight === 0) ? t('All weights are 0.') : null;
}

function otherData({ runs }: ComposeState, chosen: readonly Candidate[]): string | null {
  const foreign = chosen.find(({ run }) => run.dataFingerprint !== runs[0].dataFingerprint);
  return foreign === undefined ? null : t('{0} was trained on other data than {1}: what they are worth cannot be compared.', foreign.run.view.name, runs[0].view.name);
}

/** A member, with its run where there are several. */
export function nameOf({ named, run }: Candidate, { runs }: ComposeState): string {
  return runs.length === 1 ? memberName(named.name) : `${memberName(named.name)} (${run.view.name})`;
}

/** Multiply-accumulates up to which the gate is a matter of seconds on two cores. */
const QUICK_MACS = 1e12;
/** Three points a line, each on 512 images after batch-norm statistics of as many. */
const PASSES_A_MEMBER = 3 * 1024;

/** Is looking at these members quick enough to be done without being asked? */
export function isQuick(macs: number, members: number): boolean {
  return macs * PASSES_A_MEMBER * Math.max(0, members - 1) <= QUICK_MACS;
}

/** What the gate should look at now by itself, or null: it has, somebody waits for another soup, or it would take long. */
export function gateWanted({ state, tasks, looked }: Model, choice: Choice): SoupQuestion | null {
  if (state === null || !choice.live || choice.kind !== 'soup' || refusal(state, choice) !== null) return null;
  const chosen = chosenOf(state, choice);
  const macs = state.table?.rows.find(({ kind }) => kind === 'member')?.macs;
  const isFree = state.runs.every(({ view }) => view.status !== 'running' && view.status !== 'evaluating' && view.status !== 'queued');
  if (!isFree || macs === undefined || !isQuick(macs, chosen.length)) return null;
  // The line of WiSE-FT is measured only when somebody asks for it.
  const question = { ...soupQuestion('gate', { ...choice, rule: 'uniform' }, chosen) };
  if (looked?.key === gateKey(question) || tasks.some((task) => task.question.kind === 'soup' || task.question.kind === 'best')) return null;
  return tasks.some((task) => task.question.kind === 'gate' && gateKey(task.question) === gateKey(question)) ? null : question;
}
