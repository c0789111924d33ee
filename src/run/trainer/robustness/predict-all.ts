/** Predictions of every network of a run for the same images. */
import { datasetInMemory, type Dataset } from '../../../core/data.ts';
import { predict } from '../../../core/evaluate.ts';
import type { Predictions } from '../../../core/metrics.ts';
import type { Runner } from '../../../core/runner.ts';
import { loadNetwork, networksOf, type RowNames } from './rows.ts';

export interface Bench {
  folder: string;
  runner: Runner;
  names: RowNames;
  batchSize: number;
}

/** Logits of some images by a network: those that are kept, or made and kept. */
export type Kept = (network: string, first: number, make: () => Promise<Float32Array>) => Promise<Float32Array>;

/** So many bytes of images are held at once: they are made once for all networks. */
const HELD_BYTES = 64 * 2 ** 20;

/**
 * By the name of the network.
 * @param onShare told the share that is done, 0..1
 * @param kept what of it is there already; nothing when left out
 * @throws StarsseError cancelled; what reading images and snapshots throws
 */
export async function predictAll({ folder, runner, names, batchSize }: Bench, dataset: Dataset, signal: AbortSignal, onShare: (share: number) => void, kept: Kept = async (_, __, make) => await make()): Promise<Map<string, Predictions>> {
  const { labels, shape, classes } = dataset;
  const networks = networksOf(names);
  const made = new Map(networks.map((name): [string, Predictions & { logits: Float32Array }] => [name, { logits: new Float32Array(labels.length * classes), labels, classes }]));
  const batches = Math.max(1, Math.floor(HELD_BYTES / (shape[0] * shape[1] * shape[2] * batchSize)));
  const held = batches * batchSize;
  for (let first = 0; first < labels.length; first += held) {
    const positions = Uint32Array.from({ length: Math.min(held, labels.length - first) }, (_, index) => first + index);
    signal.throwIfAborted();
    const examples = await dataset.read(positions);
    const part = datasetInMemory({ examples, labels: labels.slice(first, first + positions.length), shape, classes });
    for (const [index, name] of networks.entries()) {
      const logits = await kept(name, first, async () => {
        await loadNetwork(runner, folder, name);
        const predictions = await predict(runner, part, { batchSize }, (share) => {
          signal.throwIfAborted();
          onShare((first + (positions.length * (index + share)) / networks.length) / labels.length);
        });
        return Float32Array.from(predictions.logits);
      });
      made.get(name)!.logits.set(logits, first * classes);
    }
  }
  return made;
}
