import type { Basin, Curve, MeasuredSet } from '../../../protocol/basin.ts';
import { points } from '../../cli/numbers.ts';
import type { ReportSource } from '../collect.ts';
import { command, table, text, type Block, type Section, type Table } from '../document.ts';
import { decimal, percent, short } from '../numbers.ts';
import { basinSentence } from './summary.ts';

export function basinSection({ basin, view }: ReportSource): Section {
  const title = 'The basin';
  if (basin === null) return { title, blocks: [text('Not measured. Barriers between the members tell whether they stayed in one basin:'), command(`starsse basin ${view.id}`)] };
  const { networks, verdicts, geometry, measuring, pretrained } = basin;
  const whole = geometry.parts.filter(({ part }) => part === 'whole' || part === 'backbone');
  const [component] = geometry.components;
  return {
    title,
    blocks: [
      text(basinSentence(basin)),
      table(['network', 'verdict'], verdicts.map(({ network, verdict }) => [network, verdict]), 'll'),
      ...measuring.sets.flatMap((set): Block[] => [
        text(`Barriers of the error on the ${set} set, in percentage points: how much the worst point of the line is above the straight line between its ends.`),
        barriers(basin, set, ({ errorBarrier }) => errorBarrier, (value) => points(value ?? Infinity).replace('+', ''), basin.threshold.error),
        text(`Barriers of the loss on the ${set} set, in nats.`),
        barriers(basin, set, ({ lossBarrier }) => lossBarrier, (value) => decimal(value), basin.threshold.loss),
      ]),
      ...(measuring.statisticsImages === null ? [] : [text(`Batch-norm statistics were estimated anew at every point, from ${measuring.statisticsImages} training images.`)]),
      ...(pretrained === null ? [] : [text(`"pretrained" is ${pretrained.what}${pretrained.head === 'other' ? ', with the head of the other end of each line, so that only the body moves' : ''}.`)]),
      ...whole.flatMap(({ part, parameters, distance, angle }): Block[] => [
        text(`Distances of the ${part === 'whole' ? 'whole network' : 'network without its head'}, over ${parameters} weights.`),
        table(['', ...geometry.networks], geometry.networks.map((name, row) => [name, ...distance[row].map((value) => short(value))]), `l${'r'.repeat(geometry.networks.length)}`),
        text(`Angles between the ways from ${basin.reference}, in degrees.`),
        table(['', ...geometry.networks], geometry.networks.map((name, row) => [name, ...angle[row].map((value) => (value === null ? '-' : value.toFixed(1)))]), `l${'r'.repeat(geometry.networks.length)}`),
      ]),
      ...(component === undefined ? [] : [text(`The first two principal components of ${component.networks.length} networks explain ${percent(component.explained.slice(0, 2).reduce((sum, share) => sum + share, 0))} of their variance.`)]),
      ...(networks.length < 2 ? [text('There is only one network.')] : []),
    ],
  };
}

/** Each pair; above the threshold in colour. */
function barriers({ networks, lines }: Basin, set: MeasuredSet, of: (curve: Curve) => number | null, format: (value: number | null) => string, threshold: number): Table {
  const between = (a: string, b: string): Curve | undefined => lines.find((line) => (line.a === a && line.b === b) || (line.a === b && line.b === a))?.sets[set];
  const cell = (a: string, b: string): string => (a === b ? '' : between(a, b) === undefined ? '-' : format(of(between(a, b)!)));
  const shade = (a: string, b: string): number | null => {
    const curve = a === b ? undefined : between(a, b);
    return curve === undefined ? null : Math.min(1, (of(curve) ?? Infinity) / (2 * threshold || 1e-9));
  };
  return table(['', ...networks], networks.map((a) => [a, ...networks.map((b) => cell(a, b))]), `l${'r'.repeat(networks.length)}`, networks.map((a) => [null, ...networks.map((b) => shade(a, b))]));
}
