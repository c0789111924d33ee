import type { Surface } from '../../../protocol/plane.ts';
import type { ReportSource } from '../collect.ts';
import { command, table, text, type Block, type Section } from '../document.ts';
import { decimal, percent } from '../numbers.ts';
import { contourMap } from '../svg/contours.ts';

const TITLES: Record<Surface['kind'], [string, string]> = {
  plane: ['distance from the first network to the second', 'distance across'],
  random: ['first direction', 'second direction'],
  simplex: ['share of the second network', 'share of the third network'],
};

export function surfacesSection({ surfaces, view }: ReportSource): Section {
  const title = 'Planes of the loss';
  if (surfaces.length === 0) return { title, blocks: [text('None was measured. Through three networks:'), command(`starsse plane ${view.id} member-1 member-2 member-3`)] };
  return { title, blocks: surfaces.flatMap(surfaceBlocks) };
}

function surfaceBlocks(surface: Surface): Block[] {
  const { kind, networks, contours, measuring, points, isWhole } = surface;
  const what = kind === 'plane' ? `the plane through ${networks.join(', ')}` : kind === 'random' ? `two random, filter-normalised directions from ${networks[0]}` : `the averages of ${networks.join(', ')}`;
  const valuesOf = ({ set, figure }: { set: Surface['contours'][number]['set']; figure: 'loss' | 'error' }): number[] => points.map(({ sets }) => sets[set]?.[figure] ?? Infinity);
  const extremes = measuring.sets.flatMap((set) => (['loss', 'error'] as const).map((figure) => {
    const values = valuesOf({ set, figure });
    const shown = (value: number): string => (figure === 'error' ? percent(value) : decimal(Number.isFinite(value) ? value : null));
    return [`${figure}, ${set}`, shown(values.reduce((least, value) => Math.min(least, value), Infinity)), shown(values.reduce((most, value) => Math.max(most, value), -Infinity))];
  }));
  const values = table(['', 'lowest', 'highest'], extremes, 'lrr');
  const note = `${points.length} points of ${what}${isWhole ? '' : ', which is not finished'}, on ${measuring.sets.map((set) => `${measuring.images[set]} ${set} images`).join(', ')}.`;
  if (contours.length === 0) return [text(note), values];
  return contours.map(({ set, figure, levels }): Block => ({
    kind: 'figure',
    svg: contourMap(surface, levels, `${figure} on the ${set} set over ${what}`, TITLES[kind]),
    caption: `${figure === 'loss' ? 'Loss' : 'Error'} on the ${set} set: darker is higher. ${note}`,
    table: values,
  }));
}
