import type { EnsembleReport } from '../../../protocol/ensemble-report.ts';
import type { ReportSource } from '../collect.ts';
import { command, table, text, type Block, type Section } from '../document.ts';
import { decimal, percent, short } from '../numbers.ts';
import { lines } from '../svg/lines.ts';

export function diversitySection({ ensembles, view }: ReportSource): Section {
  const title = 'Diversity';
  const measured = ensembles.filter(({ diversity }) => diversity !== null);
  if (measured.length === 0) return { title, blocks: [text('Not measured.'), command(`starsse ensemble ${view.id}`)] };
  return { title, blocks: measured.flatMap(blocksOf) };
}

function blocksOf({ name, members, diversity, sizeCurve }: EnsembleReport): Block[] {
  const { disagreement, meanDisagreement, meanNormalised, mutualInformation } = diversity!;
  const names = [...new Set(members.map((member) => member.name))];
  const sizes = table(['members', 'subsets', 'mean accuracy', 'lowest', 'highest', 'mean NLL'], sizeCurve.map((point) => [String(point.size), `${point.subsets}${point.isAll ? '' : ' drawn'}`, percent(point.accuracy), percent(point.lowest), percent(point.highest), decimal(point.nll)]), 'rrrrrr');
  return [
    text(`${name}: two members disagree on ${percent(meanDisagreement)} of the images on average; over their mean error that is ${short(meanNormalised)}. Mutual information: ${decimal(mutualInformation)} nats.`),
    ...(names.length === disagreement.length ? [table(['disagreement', ...names], names.map((member, row) => [member, ...disagreement[row].map((share) => percent(share))]), `l${'r'.repeat(names.length)}`)] : []),
    ...(sizeCurve.length < 2
      ? []
      : [{ kind: 'figure' as const, svg: lines([{ name, points: sizeCurve.map(({ size, accuracy }) => [size, accuracy] as const) }], `Accuracy of ${name} by the number of its members`, { title: 'members', format: String }, { title: 'mean accuracy', format: (value) => `${(100 * value).toFixed(1)} %` }), caption: 'Accuracy by the number of members, mean over the subsets of that size.', table: sizes }]),
  ];
}
