/** What the user has chosen: members, and how they are to become one. It outlives a reload in the webview's own state. */
import type { ComposeMember, ComposeRun, ComposeState, Named, SoupQuestion } from '../../src/protocol/compose-messages.ts';
import { ENSEMBLE_MEANS, type EnsembleMean } from '../../src/protocol/ensemble-report.ts';
import { SETTINGS_OF, SOUP_RULES, type SoupRuleName, type SoupSettings } from '../../src/protocol/soup.ts';

export const AVERAGINGS = ['even', 'weighted', 'greedy', 'best'] as const;
export type Averaging = (typeof AVERAGINGS)[number];

export interface Choice {
  /** `keyOf` of each; null = every member of the first run that is done. */
  members: readonly string[] | null;
  kind: 'soup' | 'ensemble';
  rule: SoupRuleName;
  /** Of all rules: each takes its own. `alpha` null leaves it to the validation images. */
  settings: { alpha: number | null; at: number; density: number; drop: number; scale: number; seed: number; perLayer: boolean; steps: number };
  /** By `keyOf`; 1 without. */
  weights: Readonly<Record<string, number>>;
  statistics: SoupQuestion['statistics'];
  insist: boolean;
  averaging: Averaging;
  mean: EnsembleMean;
  /** Does the gate look by itself whenever the choice changes? */
  live: boolean;
}

/** TIES' and DARE's own defaults are their authors'. */
export const DEFAULT_CHOICE: Choice = {
  members: null, kind: 'soup', rule: 'greedy', settings: { alpha: null, at: 0.5, density: 0.2, drop: 0.9, scale: 1, seed: 0, perLayer: false, steps: 30 },
  weights: {}, statistics: 're-estimate', insist: false, averaging: 'even', mean: 'probability', live: true,
};

/** A member that can be chosen, whichever run it is of. */
export interface Candidate {
  key: string;
  named: Named;
  /** As the trainer calls it: member-3, or of another run <id>/member-3. */
  fullName: string;
  /** Place among all members of the panel, which gives it its colour. */
  index: number;
  run: ComposeRun;
  member: ComposeMember;
  /** Can be chosen: it is done and has a snapshot. */
  isDone: boolean;
}

export function keyOf({ run, name }: Named): string {
  return `${run}#${name}`;
}

export function candidatesOf({ runs }: ComposeState): Candidate[] {
  let index = -1;
  return runs.flatMap((run, place) =>
    run.members.map((member): Candidate => {
      index += 1;
      const named = { run: run.view.folder, name: member.name };
      const isDone = run.view.members.some(({ member: { name }, state, snapshot }) => name === member.name && state.status === 'done' && snapshot !== null);
      return { key: keyOf(named), named, fullName: place === 0 ? member.name : `${run.view.id}/${member.name}`, index, run, member, isDone };
    }),
  );
}

/** Those chosen now, in the order of the panel. */
export function chosenOf(state: ComposeState, { members }: Choice): Candidate[] {
  const [home] = state.runs;
  return candidatesOf(state).filter(({ key, isDone, run }) => isDone && (members === null ? run === home : members.includes(key)));
}

/** Only what belongs to the rule. Weights are in the order of the members. */
export function settingsOf(choice: Choice, chosen: readonly Candidate[]): SoupSettings {
  const { alpha, ...rest } = choice.settings;
  const all: SoupSettings = { ...rest, ...(alpha === null ? {} : { alpha }), weights: weightsOf(choice, chosen) };
  return Object.fromEntries(SETTINGS_OF[choice.rule].flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

export function weightsOf({ weights }: Choice, chosen: readonly Candidate[]): number[] {
  return chosen.map(({ key }) => weights[key] ?? 1);
}

export function soupQuestion(kind: 'soup' | 'gate', choice: Choice, chosen: readonly Candidate[]): SoupQuestion {
  const { rule, statistics, insist } = choice;
  return { kind, members: chosen.map(({ named }) => named), rule, settings: settingsOf(choice, chosen), statistics, insist };
}

/** Tells whether what the gate found is about what is chosen now. */
export function gateKey({ members, statistics, insist }: SoupQuestion): string {
  return JSON.stringify([members.map(keyOf), statistics, insist]);
}

/** Reads what an earlier view left; anything that does not fit takes its default. */
export function choiceFrom(saved: unknown): Choice {
  if (typeof saved !== 'object' || saved === null) return DEFAULT_CHOICE;
  const value = saved as Partial<Record<keyof Choice, unknown>>;
  const { alpha, ...rest } = DEFAULT_CHOICE.settings;
  const settings = (typeof value.settings === 'object' && value.settings !== null ? value.settings : {}) as Record<string, unknown>;
  const kept = Object.fromEntries(Object.entries(rest).map(([name, otherwise]) => [name, typeof settings[name] === typeof otherwise ? settings[name] : otherwise]));
  return {
    members: Array.isArray(value.members) ? value.members.filter((key) => typeof key === 'string') : null,
    kind: value.kind === 'ensemble' ? 'ensemble' : 'soup',
    rule: SOUP_RULES.find((rule) => rule === value.rule) ?? DEFAULT_CHOICE.rule,
    settings: { ...rest, ...kept, alpha: typeof settings.alpha === 'number' ? settings.alpha : alpha },
    weights: typeof value.weights === 'object' && value.weights !== null ? Object.fromEntries(Object.entries(value.weights).filter(([, weight]) => typeof weight === 'number')) : {},
    statistics: value.statistics === 'average' ? 'average' : 're-estimate',
    insist: value.insist === true,
    averaging: AVERAGINGS.find((averaging) => averaging === value.averaging) ?? 'even',
    mean: ENSEMBLE_MEANS.find((mean) => mean === value.mean) ?? 'probability',
    live: value.live !== false,
  };
}
