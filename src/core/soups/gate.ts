/**
 * Who may go into a soup: members are looked at by their held-out score, the best first, and each by the line to the mean of those taken before it
 * (Frankle et al. 2020: networks of one basin are joined by a line without a barrier). Who is outside the basin, or far worse than the best, stays out.
 */
import { verdictOf, type Line } from '../../protocol/basin.ts';
import type { GatedMember, GateThreshold } from '../../protocol/soup.ts';
import { combine, type HostWeights } from '../basin/host-weights.ts';
import { byScore, type Scored } from './greedy.ts';

export interface GateSettings {
  threshold: GateThreshold;
  /** Who would stay out is taken all the same, and told. */
  insist: boolean;
  weightsOf(name: string): Promise<HostWeights>;
  /** Curves from one network to the other. */
  line(a: HostWeights, b: HostWeights): Promise<Line['sets']>;
  /** Called with each member as soon as it was looked at. */
  onLooked?(member: GatedMember): void;
}

/** @returns the members in the order in which they were looked at. @throws StarsseError usage for no member, what `weightsOf` and `line` throw */
export async function gate(members: readonly Scored[], { threshold, insist, weightsOf, line, onLooked }: GateSettings): Promise<GatedMember[]> {
  const [best, ...others] = byScore(members);
  let pot = await weightsOf(best.name);
  let taken = [best.name];
  const looked: GatedMember[] = [{ name: best.name, quality: best.score, verdict: null, lossBarrier: null, errorBarrier: null, taken: true, reason: null }];
  onLooked?.(looked[0]);
  for (const { name, score } of others) {
    const weights = await weightsOf(name);
    const sets = await line(pot, weights);
    const [curve] = Object.values(sets);
    const verdict = verdictOf({ sets }, threshold);
    const reason = verdict === 'outside' ? outsideText(sets, threshold, taken) : qualityText(score, best, threshold);
    const joins = reason === null || insist;
    looked.push({ name, quality: score, verdict, lossBarrier: curve?.lossBarrier ?? null, errorBarrier: curve?.errorBarrier ?? null, taken: joins, reason });
    onLooked?.(looked.at(-1)!);
    if (!joins) continue;
    pot = combine([pot, weights], [taken.length / (taken.length + 1), 1 / (taken.length + 1)]);
    taken = [...taken, name];
  }
  return looked;
}

function outsideText(sets: Line['sets'], { loss, error }: GateThreshold, pot: readonly string[]): string {
  const [curve] = Object.values(sets);
  const barrier = curve?.lossBarrier ?? null;
  return `outside the basin of ${pot.join(', ')}: a barrier of ${barrier === null ? 'infinite' : barrier.toFixed(3)} nats and ${points(curve?.errorBarrier ?? 0)} of error, more than twice ${loss} nats or ${points(error)}`;
}

function qualityText(score: number, best: Scored, { quality }: GateThreshold): string | null {
  const below = best.score - score;
  return below > quality ? `${points(below)} below ${best.name} on validation data, more than ${points(quality)}` : null;
}

function points(share: number): string {
  return `${(100 * share).toFixed(1)} points`;
}
