/** What a trainer takes of its card, for others that may share it. */
import { cardMemoryOf, nvidiaCards } from '../../backends/cards.ts';
import type { Card } from '../../protocol/cards.ts';
import type { Run } from '../../protocol/run.ts';
import { readState } from '../folder.ts';

/** The card that this process was given, of those of its run; null where they are not shared out. */
export function ownCard({ cards = [] }: Pick<Run, 'cards'>): Card | null {
  return cards.find(({ uuid }) => uuid === process.env.CUDA_VISIBLE_DEVICES) ?? null;
}

/**
 * Mebibytes that this process has on its card. TensorFlow gives nothing back, so it is the most that it ever had.
 * Where the driver does not tell of processes, it is what the card has more than when the run was made, if no other member is on it.
 * @returns null when nobody can tell
 */
export async function memoryOnCard(folder: string, run: Run, member: string, { uuid, takenMiB }: Card): Promise<number | null> {
  const own = await cardMemoryOf(process.pid);
  if (own !== null) return own;
  for (const { name } of run.members) {
    if (name === member) continue;
    const { status, gpu } = await readState(folder, name);
    if (status === 'running' && gpu?.card === uuid) return null;
  }
  const [now] = await nvidiaCards(uuid);
  return now?.takenMiB == null ? null : Math.max(0, now.takenMiB - (takenMiB ?? 0));
}
