import type { ReportSource } from '../collect.ts';
import { command, table, text, type Section } from '../document.ts';
import { decimal, short } from '../numbers.ts';

export function sharpnessSection({ sharpness, view }: ReportSource): Section {
  const title = 'Sharpness';
  if (sharpness === null) return { title, blocks: [text('Not measured.'), command(`starsse sharpness ${view.id}`)] };
  const { rows, set, measuring } = sharpness;
  const radii = rows[0]?.noise.map(({ radius }) => radius) ?? [];
  const cells = rows.map(({ network, loss, topEigenvalue, converged, trace, traceError, noise }) => [
    network, decimal(loss), `${short(topEigenvalue)}${converged ? '' : ' (not converged)'}`, `${short(trace)} ± ${short(traceError)}`, ...noise.map(({ loss: raised, deviation }) => `${decimal(raised)} ± ${decimal(deviation)}`),
  ]);
  return {
    title,
    blocks: [
      table(['network', 'loss', 'top eigenvalue', 'trace ± standard error', ...radii.map((radius) => `loss at noise ${short(radius)}`)], cells, `lrrr${'r'.repeat(radii.length)}`),
      text(`Of the Hessian of the loss on ${measuring.images[set]} ${set} images: power iteration and Hutchinson's estimate with central differences of gradients. Noise has this share of the length of each tensor; mean and standard deviation over draws.`),
    ],
  };
}
