import type { RunView } from '../../src/protocol/run.ts';
import type { Toggles } from './toggles.ts';

/** The members of the next soup or ensemble: those that are done and not left out. */
export function selectedMembers(run: RunView, { deselected }: Toggles): string[] {
  return run.members.filter(({ member, state }) => state.status === 'done' && !deselected.includes(member.name)).map(({ member }) => member.name);
}
