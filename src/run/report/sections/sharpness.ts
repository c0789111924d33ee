import type { ReportSource } from '../collect.ts';
import { command, table, text, type Section } from '../document.ts';
import { decimal, short } from '../numbers.ts';

export function sharpnessSection({ sharpness, view }: ReportSource): Section {
  const title = 'Sharpness';
  if (sharpness === null) return { title, blocks: [text('Not measured.'), command(`starsse sharpness ${view.id}`)] };
  const { rows, set, measuring } = sharpness;
  const radii = rows[0]?.noise.map(({ radius }) => radius) ?? [];
  const cells = rows.map(({ network, loss, topEigenvalue, converged, trace, traceError }) => [network, decimal(loss), `${short(topEigenvalue)}${converged ? '' : ' (not converged)'}`, `${short(trace)} ± ${short(traceError)}`]);
  const raised = rows.map(({ network, noise }) => [network, ...noise.map(({ loss, deviation }) => `${decimal(loss)} ± ${decimal(deviation)}`)]);
  return {
    title,
    blocks: [
      text(`The Hessian of the loss on ${measuring.images[set]} ${set} images: power iteration and Hutchinson's estimate with central differences of gradients.`),
      table(['network', 'loss', 'top eigenvalue', 'trace ± standard error'], cells, 'lrrr'),
      ...(radii.length === 0 ? [] : [text('The loss under noise of this share of the length of each tensor; mean and standard deviation over draws.'), table(['network', ...radii.map(short)], raised, `l${'r'.repeat(radii.length)}`)]),
    ],
  };
}
