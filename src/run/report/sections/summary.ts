import type { Basin } from '../../../protocol/basin.ts';
import { verdictOfTable } from '../../../protocol/verdict.ts';
import type { ReportSource } from '../collect.ts';
import { command, list, text, type Section } from '../document.ts';
import { percent } from '../numbers.ts';

/** What the run says, in plain words. */
export function summarySection({ view, basin }: ReportSource): Section {
  const { results } = view;
  if (results === null) return { title: 'Verdict', blocks: [text('The run has no result table yet, so there is nothing to conclude.'), command(`starsse resume ${view.id}`)] };
  const { sentences, cautions } = verdictOfTable(results);
  const best = results.rows.find(({ name }) => name === results.bestMember);
  const first = sentences.length === 0 ? [`The run has no soup and no ensemble: ${results.bestMember} alone has an accuracy of ${percent(best?.accuracy)}.`] : sentences;
  return { title: 'Verdict', blocks: [...first.map(text), ...(basin === null ? [] : [text(basinSentence(basin))]), list(cautions)] };
}

/** Whether members stayed in one basin, as far as it was measured. */
export function basinSentence({ verdicts, reference, threshold, measuring, points }: Basin): string {
  const others = verdicts.filter(({ network }) => network !== reference);
  const named = (wanted: string): string[] => others.filter(({ verdict }) => verdict === wanted).map(({ network }) => network);
  const parts = [['inside', 'in one basin with it'], ['border', 'on its border'], ['outside', 'outside of it']].flatMap(([wanted, words]) => {
    const names = named(wanted);
    return names.length === 0 ? [] : [`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} ${words}`];
  });
  const images = measuring.sets.map((set) => `${measuring.images[set]} ${set} images`).join(', ');
  return `With ${reference} as the reference: ${parts.length === 0 ? 'there is no other network' : parts.join('; ')} (barriers up to ${percent(threshold.error)} of error and ${threshold.loss} nats count as none; ${points} points a line, ${images}).`;
}
