/** Shares out the cards of a run among its trainers. What a member takes of a card is known once the first one was measured. */
import { environmentOn, placeFor, roomOf } from '../protocol/cards.ts';
import type { Run } from '../protocol/run.ts';
import { readState } from './folder.ts';

export class CardPlaces {
  readonly #folder: string;
  readonly #run: Run;
  /** uuid of the card by trainer. */
  readonly #given = new Map<string, string>();

  constructor(folder: string, run: Run) {
    this.#folder = folder;
    this.#run = run;
  }

  /**
   * Gives one more trainer a card.
   * @param trainer any name of it
   * @param atWork names of those at work; a member's own name stands for a trainer that another supervisor started
   * @returns what its environment says; empty where there are no cards to share out, null when no card has room now
   */
  async give(trainer: string, atWork: readonly string[]): Promise<Record<string, string> | null> {
    const { cards = [], members, plan } = this.#run;
    if (cards.length === 0) return {};
    const measured = new Map<string, { card: string; usedMiB: number | null }>();
    for (const { name } of members) {
      const { gpu } = await readState(this.#folder, name);
      if (gpu !== undefined && gpu !== null) measured.set(name, gpu);
    }
    const taken = atWork.flatMap((name) => this.#given.get(name) ?? measured.get(name)?.card ?? []);
    const peaks = [...measured.values()].flatMap(({ usedMiB }) => usedMiB ?? []);
    const card = placeFor(cards, taken, { membersPerGpu: plan.compute.membersPerGpu, peakMiB: peaks.length === 0 ? null : Math.max(...peaks) });
    if (card === null) return null;
    this.#given.set(trainer, card.uuid);
    return environmentOn(card);
  }

  /** What is worth saying of the cards at the start. */
  get notes(): string[] {
    const { cards = [], plan: { compute: { membersPerGpu } } } = this.#run;
    const silent = cards.filter((card) => roomOf(card, { membersPerGpu: 2, peakMiB: 1 }) < 2);
    return [
      ...cards.map(({ name, uuid, memoryMiB, takenMiB }) => `card ${name} (${uuid}): ${memoryMiB ?? '?'} MiB, ${takenMiB ?? '?'} taken by others`),
      ...(membersPerGpu > 1 && cards.length === 0 ? ['members do not share a GPU: nvidia-smi tells of none that TensorFlow uses'] : []),
      ...(membersPerGpu > 1 ? silent.map(({ uuid }) => `members do not share the card ${uuid}: it is full, or nvidia-smi does not tell its memory`) : []),
    ];
  }
}
