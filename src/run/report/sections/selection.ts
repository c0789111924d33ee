import type { ReportSource } from '../collect.ts';
import { leftOutText } from '../../../protocol/verdict.ts';
import { list, type Section } from '../document.ts';

/** What was chosen, and on which data. */
export function selectionSection({ view, ensembles, run }: ReportSource): Section {
  const { results, soups } = view;
  const { split } = run.plan.data;
  const items = [
    ...(results === null ? [] : [`The best member, ${results.bestMember}: by ${results.metric === 'accuracy' ? 'accuracy' : 'mean per-class accuracy'} on ${results.validationImages} validation images.`]),
    ...soups.map(({ name, rule, parents }) => `${name}: ${rule} of ${parents.join(', ')}; ${SELECTS.has(rule) ? 'chosen on validation images' : 'nothing was chosen by its rule'}.`),
    ...(results?.leftOut ?? []).map(leftOutText),
    ...ensembles.map(({ name, selection }) => `${name}: ${selection === null ? 'its members were named by hand or are all there are' : `${selection.rule} selection among ${selection.candidates.join(', ')} by ${selection.metric} on validation predictions`}.`),
    results !== null && results.testImages === 0 ? 'There is no test set: selection and measurement are on the same images.' : 'Nothing was chosen on test images by StarSSE. Whoever changed the plan after looking at them did.',
    split === null ? 'Validation images are a set of their own.' : `Validation images were set aside before training, by the seed ${split.seed}, where the data have no such set.`,
  ];
  return { title: 'What was chosen on what', blocks: [list(items)] };
}

/** Rules that look at validation images. */
const SELECTS = new Set(['greedy', 'greedy-removal', 'learned', 'wise-ft']);
