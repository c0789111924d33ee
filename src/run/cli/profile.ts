/** Where the time of a profiled run's steps went, as a table: a row a member, and one of all together. */
import { PHASES, ProfileSchema, sumOfProfiles, wholeOf, type Phase, type ProfileTotals } from '../../protocol/profile.ts';
import type { RunView } from '../../protocol/run.ts';
import { readJsonInside, runFiles } from '../folder.ts';
import { columns } from './columns.ts';
import { percent } from './numbers.ts';

export interface MemberTotals extends ProfileTotals {
  member: string;
}

/** Of the members that have one; none where the run is not profiled. @throws StarsseError file-invalid */
export async function readProfiles({ folder, members }: Pick<RunView, 'folder' | 'members'>): Promise<MemberTotals[]> {
  const found: MemberTotals[] = [];
  for (const { member: { name } } of members) {
    const totals = await readJsonInside(folder, runFiles.profile(folder, name), ProfileSchema);
    if (totals !== null) found.push({ member: name, ...totals });
  }
  return found;
}


/** Milliseconds a step, and the share of each phase. */
export function profileTable(profiles: readonly MemberTotals[]): string[] {
  const rows = [...profiles.map((totals) => row(totals.member, totals)), ...(profiles.length > 1 ? [row('all', sumOfProfiles(profiles))] : [])];
  return [
    ...columns([['', 'steps', 'ms a step', ...PHASES], ...rows], `lrr${'r'.repeat(PHASES.length)}`),
    '',
    'Input is waiting for images, copy handing them to the back end, read waiting for the loss (on a GPU for the step), log rows and saving.',
    'Traces for chrome://tracing or ui.perfetto.dev: members/<name>/trace.json',
  ];
}

function row(name: string, totals: ProfileTotals): string[] {
  const whole = wholeOf(totals);
  const share = (phase: Phase): string => (whole === 0 ? '' : percent(totals.ms[phase] / whole, 1));
  return [name, String(totals.steps), totals.steps === 0 ? '' : (whole / totals.steps).toFixed(2), ...PHASES.map(share)];
}

/** The same for programs: milliseconds in all by phase, and their sum. */
export function profileJson(profiles: readonly MemberTotals[]): object {
  return { members: profiles.map((totals) => ({ ...totals, totalMs: wholeOf(totals) })), all: { ...sumOfProfiles(profiles), totalMs: wholeOf(sumOfProfiles(profiles)) } };
}
