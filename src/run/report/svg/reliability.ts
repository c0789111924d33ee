import type { ReliabilityBin } from '../../../protocol/measures.ts';
import { colour, frame, line } from './frame.ts';

/** Bins of fewer images tell nothing. */
export const LEAST_IMAGES = 5;

/** Accuracy of each bin over its mean confidence; the dashed line is a network whose confidence is right. */
export function reliabilityDiagram(networks: readonly { name: string; bins: readonly ReliabilityBin[] }[], label: string): string {
  const axis = { low: 0, high: 1, format: (value: number) => value.toFixed(1) };
  const plot = frame({ ...axis, title: 'confidence' }, { ...axis, title: 'accuracy' }, label, { width: 320, height: 320, legend: networks.map(({ name }) => name) });
  const curves = networks.map(({ bins }, index) => {
    const places = bins.flatMap(({ images, confidence, accuracy }) => (images < LEAST_IMAGES || confidence === null || accuracy === null ? [] : [[plot.x(confidence), plot.y(accuracy)] as const]));
    return `<path class="curve" stroke="${colour(index)}" d="${line(places)}"/>`;
  });
  return plot.draw([`<path class="ideal" d="${line([[plot.x(0), plot.y(0)], [plot.x(1), plot.y(1)]])}"/>`, ...curves].join(''));
}
