/** How the points of an analysis are measured: fixed images of a run's sets, the back end, and what it will cost. */
import * as v from 'valibot';
import { startBackend } from '../../../backends/choose.ts';
import { runnerOf } from '../../../backends/runner.ts';
import { toTensors, type HostWeights } from '../../../core/basin/host-weights.ts';
import { measureOf, passesOfPoint, type Measure } from '../../../core/basin/measure.ts';
import { datasetInMemory, subset, type Dataset } from '../../../core/data.ts';
import { predict } from '../../../core/evaluate.ts';
import { hasBatchNorm } from '../../../core/network.ts';
import { permutation, randomKey } from '../../../core/random.ts';
import type { Runner } from '../../../core/runner.ts';
import { disposeTensors } from '../../../core/weights.ts';
import { MEASURED_SETS, type Budget, type MeasuredSet, type Measuring } from '../../../protocol/basin.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { ModelFile } from '../../../protocol/network.ts';
import type { Run } from '../../../protocol/run.ts';
import { threadsOfTasks } from '../../../protocol/shares.ts';
import type { TaskContext } from '../combine.ts';
import { readRunData } from '../data/plan-data.ts';

/** What the requests of all analyses may say about it. */
export const measuringFields = {
  /** Of each set; `null`: all. */
  images: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(2))), 1000),
  /** `false` averages the statistics of batch norm, which is the naive way. */
  reestimate: v.optional(v.boolean(), true),
};
export const setsField = v.optional(v.pipe(v.array(v.picklist(MEASURED_SETS)), v.minLength(1)));

export interface MeasuringOrder {
  images: number | null;
  reestimate: boolean;
  sets: readonly MeasuredSet[];
}

/** Images up to so many bytes are held in memory; more are read again for each point. */
const HELD_BYTES = 2 ** 29;

export class Instruments {
  readonly measure: Measure;
  readonly measuring: Measuring;
  readonly runner: Runner;
  readonly datasets: Partial<Record<MeasuredSet, Dataset>>;
  readonly passes: number;
  readonly #model: ModelFile;
  readonly #batchSize: number;

  private constructor(model: ModelFile, runner: Runner, batchSize: number, datasets: Partial<Record<MeasuredSet, Dataset>>, statistics: Dataset | null, signal: AbortSignal) {
    const settings = { runner, network: model.network, statistics, sets: datasets, batchSize, onBatch: () => signal.throwIfAborted() };
    this.#model = model;
    this.#batchSize = batchSize;
    this.runner = runner;
    this.datasets = datasets;
    this.measure = measureOf(settings);
    this.passes = passesOfPoint(settings);
    const images = (set: MeasuredSet): number => datasets[set]?.labels.length ?? 0;
    this.measuring = {
      sets: Object.keys(datasets) as MeasuredSet[],
      images: { train: images('train'), validation: images('validation'), test: images('test') },
      statisticsImages: statistics?.labels.length ?? null,
    };
  }

  /** Starts the back end and reads the images. @throws StarsseError backend-missing, data-missing, data-invalid, usage, cancelled */
  static async open(run: Run, model: ModelFile, { images, reestimate, sets }: MeasuringOrder, { signal, onProgress }: TaskContext): Promise<Instruments> {
    const device = await startBackend(run.plan.compute.backend, { threads: threadsOfTasks(run) });
    const data = await readRunData(run, { onProgress, signal });
    const { batchSize } = run.plan.evaluation;
    const chosen = async (set: MeasuredSet): Promise<Dataset> => await fixedImages(data[set], images, { seed: run.plan.seed, set, batchSize });
    const datasets: Partial<Record<MeasuredSet, Dataset>> = {};
    for (const set of sets) {
      if (data[set].labels.length === 0) throw new StarsseError('usage', `The run ${run.id} has no ${set} images`, { hint: 'Leave the set out, or choose another one with --set.' });
      datasets[set] = await chosen(set);
    }
    const statistics = reestimate && hasBatchNorm(model.network) ? (datasets.train ?? (await chosen('train'))) : null;
    return new Instruments(model, runnerOf(device, console.log)(model.network, model.normalization), batchSize, datasets, statistics, signal);
  }

  /** @param forwardPasses images through a network that are still to come. @param weights of any network; a batch of it is timed */
  async budget(weights: HostWeights, { points, done, forwardPasses }: Omit<Budget, 'estimatedMs'>): Promise<Budget> {
    const [dataset] = Object.values(this.datasets);
    const batch = subset(dataset, Uint32Array.from({ length: Math.min(this.#batchSize, dataset.labels.length) }, (_, index) => index));
    const tensors = toTensors(this.#model.network, weights);
    this.runner.load(tensors);
    disposeTensors(tensors);
    await predict(this.runner, batch, { batchSize: this.#batchSize }); // prepares
    const startedMs = performance.now();
    await predict(this.runner, batch, { batchSize: this.#batchSize });
    const msOfImage = (performance.now() - startedMs) / batch.labels.length;
    return { points, done, forwardPasses, estimatedMs: Math.round(forwardPasses * msOfImage) };
  }

  close(): void {
    this.runner.close();
  }
}

/** "11 points to measure (0 there already), 33000 forward passes, about 12 s" */
export function budgetText({ points, done, forwardPasses, estimatedMs }: Budget): string {
  const there = done === 0 ? '' : ` (${done} are there already)`;
  return `Budget: ${points - done} points to measure${there}, ${forwardPasses} forward passes, about ${Math.ceil(estimatedMs / 1000)} s`;
}

/** The same images at every point and in every analysis: a random choice that the plan's seed draws, in the order of the set. */
async function fixedImages(dataset: Dataset, count: number | null, { seed, set, batchSize }: { seed: number; set: MeasuredSet; batchSize: number }): Promise<Dataset> {
  const all = dataset.labels.length;
  let taken = Math.min(all, count ?? all);
  // Batch norm says nothing about a batch of one image.
  if (set === 'train' && taken % batchSize === 1 && taken > 1) taken -= 1;
  if (taken === all) return dataset;
  const positions = permutation(randomKey(seed, 'basin', 4000 + MEASURED_SETS.indexOf(set)), all).slice(0, taken).sort();
  const view = subset(dataset, positions);
  const [height, width, channels] = dataset.shape;
  const bytes = taken * height * width * channels * (dataset.values === 'pixels' ? 1 : 4);
  if (bytes > HELD_BYTES) return view;
  const examples = await view.read(Uint32Array.from({ length: taken }, (_, index) => index));
  return datasetInMemory({ examples, labels: view.labels, shape: dataset.shape, classes: dataset.classes });
}
