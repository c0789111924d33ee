/** The task `sharpness`: how the loss bends around networks of a run. */
import * as v from 'valibot';
import { combine, type HostWeights } from '../../../core/basin/host-weights.ts';
import { hessianProduct, meanAndDeviation, meanAndError, norm, topEigenvalue, traceSample, type Gradient } from '../../../core/basin/hessian.ts';
import { flatOf, lossGradientOf, withTrained, type LossGradient } from '../../../core/basin/loss-gradient.ts';
import { noiseDirection } from '../../../core/basin/random-direction.ts';
import { MEASURED_SETS, type Budget } from '../../../protocol/basin.ts';
import { parseJson } from '../../../protocol/parse.ts';
import type { Sharpness, SharpnessRow } from '../../../protocol/sharpness.ts';
import { runFiles } from '../../folder.ts';
import { replaceJson } from '../../write.ts';
import type { TaskContext } from '../combine.ts';
import { keyOf, subjectOf, underLock, type Subject } from './analysis.ts';
import { budgetText, Instruments, measuringFields } from './measuring.ts';
import { PointsFile } from './points-file.ts';

const count = (low: number, high: number, otherwise: number) => v.optional(v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high)), otherwise);
const SharpnessRequest = v.strictObject({
  /** Members and soups; without it all members that are done. */
  networks: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  set: v.optional(v.picklist(MEASURED_SETS), 'train'),
  iterations: count(1, 1000, 50),
  samples: count(0, 10_000, 10),
  draws: count(0, 1000, 5),
  radii: v.optional(v.array(v.pipe(v.number(), v.finite(), v.minValue(0))), [0.01, 0.02, 0.05, 0.1, 0.2]),
  ...measuringFields,
});
type Request = v.InferOutput<typeof SharpnessRequest>;

/** A gradient costs about as much as three forward passes. */
const PASSES_OF_GRADIENT = 3;

const FigureSchema = v.object({ id: v.string(), values: v.array(v.nullable(v.number())) });
type Figure = v.InferOutput<typeof FigureSchema>;

/** Figures that are there already are not computed again. @throws StarsseError usage, file-missing, mismatch, backend-missing, data-missing, run-busy, cancelled */
export async function sharpnessTask(folder: string, request: string, context: TaskContext): Promise<Sharpness> {
  const order = parseJson(SharpnessRequest, request, 'sharpness', 'usage');
  const subject = await subjectOf(folder);
  const names = order.networks ?? subject.networks.known.filter((name) => name.startsWith('member-'));
  subject.networks.check(names);
  return await underLock(subject, 'sharpness', async () => {
    const instruments = await Instruments.open(subject.run, subject.model, { ...order, sets: [order.set] }, context);
    try {
      const sharpness = await analyse(subject, names, order, instruments, context);
      await replaceJson(runFiles.analysis(folder, 'sharpness'), sharpness);
      return sharpness;
    } finally {
      instruments.close();
    }
  });
}

async function analyse(subject: Subject, names: readonly string[], order: Request, instruments: Instruments, { signal, onProgress }: TaskContext): Promise<Sharpness> {
  const { folder, run, networks } = subject;
  const batchSize = Math.min(run.plan.evaluation.batchSize, run.plan.training.batchSize);
  const key = keyOf('sharpness', run.dataFingerprint, run.plan.seed, batchSize, run.plan.evaluation.batchSize, order.set, instruments.measuring);
  const file = await PointsFile.open(runFiles.analysisPoints(folder, 'sharpness'), key, FigureSchema, ({ id }) => id);
  try {
    const parts = await Promise.all(names.map(async (name) => ({ name, parts: partsOf(order, await networks.digest(name)) })));
    const every = parts.flatMap((each) => each.parts);
    const left = every.filter(({ id }) => file.get(id) === undefined);
    const budget = await instruments.budget(await networks.weights(names[0]), budgetOf(every.length, left, order, instruments));
    const tell = (message: string, fraction: number): void => {
      signal.throwIfAborted();
      onProgress({ fraction, message });
    };
    let done = every.length - left.length;
    tell(budgetText(budget), done / every.length);
    const rows: SharpnessRow[] = [];
    for (const { name, parts: own } of parts) {
      const figures = new Map<string, Figure['values']>();
      const probe = probeOf(subject, await networks.weights(name), order, instruments, batchSize, signal);
      for (const part of own) {
        tell(`${name}: ${part.what}`, done / every.length);
        figures.set(part.place, (await file.at(part.id, async () => ((done += 1), { id: part.id, values: (await probe(part)).map(finite) }))).values);
      }
      rows.push(rowOf(name, figures, order));
    }
    const { iterations, samples, draws, set } = order;
    return { createdAt: new Date().toISOString(), key: keyOf(key, parts.map(({ parts: own }) => own.map(({ id }) => id))), set, measuring: instruments.measuring, budget, iterations, samples, draws, rows };
  } finally {
    await file.close();
  }
}

type Task = { kind: 'slope' } | { kind: 'eigenvalue' } | { kind: 'trace'; sample: number } | { kind: 'noise'; radius: number; draw: number };
type Part = Task & { id: string; place: string; what: string };

/** What is computed of a network, each part kept when it is done. */
function partsOf({ iterations, samples, draws, radii }: Request, digest: string): Part[] {
  const part = (task: Task, place: string, what: string): Part => ({ ...task, id: `${digest} ${place}`, place, what });
  return [
    part({ kind: 'slope' }, 'slope', 'the gradient'),
    part({ kind: 'eigenvalue' }, `eigenvalue ${iterations}`, 'the top eigenvalue'),
    ...Array.from({ length: samples }, (_, sample) => part({ kind: 'trace', sample }, `trace ${sample}`, `the trace, sample ${sample + 1} of ${samples}`)),
    ...radii.flatMap((radius) => Array.from({ length: draws }, (_, draw) => part({ kind: 'noise', radius, draw }, `noise ${radius} ${draw}`, `noise of ${radius} |w|`))),
  ];
}

function budgetOf(points: number, left: readonly Part[], { iterations, set }: Request, { passes, measuring }: Instruments): Omit<Budget, 'estimatedMs'> {
  const images = measuring.images[set];
  const passesOf: Record<Task['kind'], number> = { slope: PASSES_OF_GRADIENT * images, eigenvalue: iterations * 2 * PASSES_OF_GRADIENT * images, trace: 2 * PASSES_OF_GRADIENT * images, noise: passes };
  return { points, done: points - left.length, forwardPasses: left.reduce((sum, { kind }) => sum + passesOf[kind], 0) };
}

/** Computes the parts of one network. Each is an array of numbers. */
function probeOf({ run, model: { network, normalization } }: Subject, weights: HostWeights, { set, iterations }: Request, { measure, datasets }: Instruments, batchSize: number, signal: AbortSignal): (task: Task) => Promise<number[]> {
  const slope = lossGradientOf({ network, normalization, dataset: datasets[set]!, batchSize, onBatch: () => signal.throwIfAborted() });
  const flat = flatOf(network, weights);
  const at = async (point: Float32Array): Promise<LossGradient> => await slope(withTrained(network, weights, point));
  const gradient: Gradient = async (point) => (await at(point)).gradient;
  const product = hessianProduct(gradient, flat);
  const { seed } = run.plan;
  return async (task) => {
    switch (task.kind) {
      case 'slope': {
        const found = await at(flat);
        return [found.loss, norm(found.gradient)];
      }
      case 'eigenvalue': {
        const { value, iterations: taken, converged } = await topEigenvalue(product, flat.length, { seed, iterations });
        return [value, taken, converged ? 1 : 0];
      }
      case 'trace':
        return [await traceSample(product, flat.length, seed, task.sample)];
      case 'noise': {
        const { loss, error } = (await measure(combine([weights, noiseDirection(network, weights, seed, task.draw)], [1, task.radius])))[set]!;
        return [loss ?? NaN, error];
      }
    }
  };
}

function rowOf(network: string, figures: ReadonlyMap<string, Figure['values']>, { iterations, samples, draws, radii }: Request): SharpnessRow {
  const of = (place: string): Figure['values'] => figures.get(place)!;
  const numbers = (places: string[], index: number): number[] => places.map((place) => of(place)[index] ?? NaN);
  const [topEigenvalueFound, taken, converged] = of(`eigenvalue ${iterations}`);
  const trace = meanAndError(numbers(Array.from({ length: samples }, (_, sample) => `trace ${sample}`), 0));
  return {
    network,
    loss: of('slope')[0],
    gradientNorm: of('slope')[1],
    topEigenvalue: topEigenvalueFound,
    iterations: taken ?? 0,
    converged: converged === 1,
    trace: finite(trace.mean),
    traceError: finite(trace.error),
    noise: draws === 0 ? [] : radii.map((radius) => {
      const places = Array.from({ length: draws }, (_, draw) => `noise ${radius} ${draw}`);
      const { mean: loss, deviation } = meanAndDeviation(numbers(places, 0));
      return { radius, loss: finite(loss), deviation: finite(deviation), error: meanAndDeviation(numbers(places, 1)).mean };
    }),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
