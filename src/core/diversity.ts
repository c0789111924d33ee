/** How differently the members of an ensemble predict. */
import { StarsseError } from '../protocol/errors.ts';
import { accuracy, mean, predictedClasses, type Predictions } from './metrics.ts';

export interface Diversity {
  /** Share of objects that two members class differently, averaged over the pairs. */
  disagreement: number;
  /** Disagreement over the mean error of the two, averaged over the pairs; a pair without errors counts 0. */
  normalised: number;
}

/** @throws StarsseError usage for fewer than two members */
export function diversity(members: readonly Predictions[]): Diversity {
  if (members.length < 2) throw new StarsseError('usage', `Diversity of ${members.length} members`, { hint: 'Choose at least two.' });
  const classes = members.map(predictedClasses);
  const errors = members.map((member) => 1 - accuracy(member));
  const pairs = members.flatMap((_, second) => members.slice(0, second).map((__, first) => [first, second]));
  const disagreements = pairs.map(([a, b]) => mean(classes[a].map((label, row) => (label === classes[b][row] ? 0 : 1))));
  const normalised = pairs.map(([a, b], pair) => (disagreements[pair] === 0 ? 0 : disagreements[pair] / ((errors[a] + errors[b]) / 2)));
  return { disagreement: mean(disagreements), normalised: mean(normalised) };
}
