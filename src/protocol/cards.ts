/** Which NVIDIA card a trainer gets. Cards differ in what else runs on them, members of one run do not differ in what they need. */
import * as v from 'valibot';

const mebibytes = v.pipe(v.number(), v.minValue(0));

/** A card that trainers may be given. Memory is null where the driver does not tell it. */
export const CardSchema = v.object({
  /** As CUDA_VISIBLE_DEVICES takes it. */
  uuid: v.string(),
  name: v.string(),
  memoryMiB: v.nullable(mebibytes),
  /** Taken by others when the run was made. */
  takenMiB: v.nullable(mebibytes),
});
export type Card = v.InferOutput<typeof CardSchema>;

/** Of a card's free memory this share is given away: drivers and fragments need the rest. */
const USABLE = 0.9;

export interface Sharing {
  /** Trainers on one card at most: plan.compute.membersPerGpu. */
  membersPerGpu: number;
  /** The most that a trainer of this run was seen to take of a card; null while none was measured. */
  peakMiB: number | null;
}

/**
 * The card for one more trainer: a free one, else the one with the fewest trainers that has room for another.
 * @param taken uuid of the card of each trainer at work
 * @returns null when it has to wait
 */
export function placeFor(cards: readonly Card[], taken: readonly string[], sharing: Sharing): Card | null {
  const trainersOn = ({ uuid }: Card): number => taken.filter((other) => other === uuid).length;
  const open = cards.filter((card) => trainersOn(card) < roomOf(card, sharing));
  return open.reduce<Card | null>((best, card) => (best === null || trainersOn(card) < trainersOn(best) ? card : best), null);
}

/** Trainers that fit on a card: one always, more only once it is known what one takes. */
export function roomOf({ memoryMiB, takenMiB }: Card, { membersPerGpu, peakMiB }: Sharing): number {
  if (memoryMiB === null || peakMiB === null || peakMiB === 0) return 1;
  const free = memoryMiB - (takenMiB ?? 0);
  return Math.max(1, Math.min(membersPerGpu, Math.floor((USABLE * free) / peakMiB)));
}

/** What a trainer's environment says, so that it sees this card and no other. */
export function environmentOn({ uuid }: Card): Record<string, string> {
  return { CUDA_VISIBLE_DEVICES: uuid };
}
