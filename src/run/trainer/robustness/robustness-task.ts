/** The task `robustness`: errors of every row on corrupted test images, a cell after the other; and unknown images. */
import * as v from 'valibot';
import { startBackend } from '../../../backends/choose.ts';
import { runnerOf } from '../../../backends/runner.ts';
import { corrupt, isApplicable } from '../../../core/corruptions/corrupt.ts';
import { meanCorruptionError } from '../../../core/corruptions/mean-error.ts';
import { centreCrop } from '../../../core/augment/crop.ts';
import { subset, type Dataset } from '../../../core/data.ts';
import { accuracy, nll, rowsOf, type Predictions } from '../../../core/metrics.ts';
import { permutation, randomKey } from '../../../core/random.ts';
import { bestOf } from '../../../core/table.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { parseJson } from '../../../protocol/parse.ts';
import { CORRUPTIONS, RobustnessSchema, SEVERITIES, type Corruption, type CorruptionCell, type Robustness } from '../../../protocol/robustness.ts';
import { threadsOfTasks } from '../../../protocol/shares.ts';
import { readJsonInside, runFiles } from '../../folder.ts';
import type { RobustnessAnswer } from '../../task-lines.ts';
import { replaceJson } from '../../write.ts';
import { keyOf, subjectOf, underLock, type Subject } from '../basin/analysis.ts';
import type { TaskContext } from '../combine.ts';
import { readRunData } from '../data/plan-data.ts';
import { readPredictions } from '../snapshot.ts';
import { compressed } from './jpeg.ts';
import { predictAll, type Bench } from './predict-all.ts';
import { digestsOf, neededFor, networksOf, rowNames, rowsFrom, type RowNames } from './rows.ts';
import { unknownImages } from './unknown.ts';

const Request = v.strictObject({
  /** All when left out; the extra four too. An empty list for none. */
  corruptions: v.optional(v.array(v.picklist(CORRUPTIONS))),
  /** Test images, drawn by the seed; all when there are fewer. */
  images: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1000),
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** A folder of images of no class of the run, absolute. */
  unknown: v.optional(v.string()),
});
type Request = v.InferOutput<typeof Request>;

/**
 * Figures of the same weights and images are kept: what was cancelled goes on, and a new row alone is measured.
 * @throws StarsseError usage, data-missing, data-invalid, file-missing, file-invalid, backend-missing, run-busy, cancelled
 */
export async function robustnessTask(folder: string, request: string, context: TaskContext): Promise<RobustnessAnswer> {
  const asked = parseJson(Request, request, 'robustness', 'usage');
  const subject = await subjectOf(folder);
  return await underLock(subject, 'robustness', async () => {
    const { run, model } = subject;
    const names = await rowNames(folder, run);
    const device = await startBackend(run.plan.compute.backend, { threads: threadsOfTasks(run) });
    const data = await readRunData(run, context);
    const runner = runnerOf(device, console.error)(model.network, model.normalization);
    const bench: Bench = { folder, runner, names, batchSize: run.plan.evaluation.batchSize };
    try {
      const wanted = asked.corruptions ?? (asked.unknown === undefined ? [...CORRUPTIONS] : []);
      const set = data.test.labels.length > 0 ? 'test' : 'validation';
      const robustness = wanted.length === 0 ? null : await measureCells(subject, bench, { set, dataset: data[set] }, wanted, asked, context);
      const unknown = asked.unknown === undefined ? null : await unknownImages(subject, bench, asked.unknown, context);
      return { robustness, unknown };
    } finally {
      runner.close();
    }
  });
}

async function measureCells({ folder, run, model }: Subject, bench: Bench, { set, dataset }: { set: 'test' | 'validation'; dataset: Dataset }, wanted: readonly Corruption[], { images, seed }: Request, { onProgress, signal }: TaskContext): Promise<Robustness> {
  if (dataset.values !== 'pixels') throw new StarsseError('usage', 'The data of the run are features: corruptions are of images', { hint: 'They need a run on images.' });
  const channels = model.network.inputShape[2];
  const possible = wanted.filter((corruption) => isApplicable(corruption, channels));
  const chosen = permutation(randomKey(seed, 'subsets'), dataset.labels.length).slice(0, images).sort();
  const drawn = subset(dataset, chosen);
  const key = keyOf(run.dataFingerprint, [...chosen], seed);
  const digests = await digestsOf(folder, bench.names);
  const before = await readJsonInside(folder, runFiles.robustness(folder), RobustnessSchema);
  const isKept = (name: string): boolean => name in digests && before?.digests?.[name] === digests[name];
  const cells = before?.key !== key ? [] : before.cells.map(({ rows, ...cell }): CorruptionCell => ({ ...cell, rows: Object.fromEntries(Object.entries(rows).filter(([name]) => isKept(name))) }));
  const clean = new Map<string, Predictions>();
  for (const name of networksOf(bench.names)) clean.set(name, rowsOf(await readPredictions(folder, name, set), chosen));
  const members = await Promise.all(bench.names.members.map(async (name) => ({ name, validation: await readPredictions(folder, name, 'validation') })));
  const bestMember = bestOf(members, run.plan.evaluation.metric).name;
  const leftOut = wanted.filter((corruption) => !possible.includes(corruption));
  const make = (): Robustness => ({
    images: chosen.length, seed, key, digests, bestMember, cells, leftOut, createdAt: new Date().toISOString(),
    rows: rowsFrom(bench.names, clean).map(({ name, kind, predictions }) => {
      const { meanError, relative } = meanCorruptionError(cells, name, bestMember);
      return { name, kind, clean: { error: 1 - accuracy(predictions), nll: nll(predictions) }, meanCorruptionError: meanError, relativeToBestMember: relative };
    }),
  });
  const todo = possible.flatMap((corruption) => SEVERITIES.flatMap((severity) => lacking(cells, { corruption, severity, rows: {} }, digests, bench.names)));
  const passes = chosen.length * todo.reduce((sum, { names }) => sum + networksOf(names).length, 0);
  onProgress({ fraction: 0, message: `${todo.length} cells of ${chosen.length} images by ${networksOf(bench.names).length} networks: ${passes} forward passes` });
  for (const [done, { cell, names }] of todo.entries()) {
    const { corruption, severity } = cell;
    const made = await predictAll({ ...bench, names }, corruptedSet(drawn, chosen, model.network.inputShape, { corruption, severity, seed }), signal, (share) => {
      onProgress({ fraction: (done + share) / todo.length, message: `${corruption}: severity ${severity}` });
    });
    Object.assign(cell.rows, figuresOf(names, made));
    if (!cells.includes(cell)) cells.push(cell);
    await replaceJson(runFiles.robustness(folder), make());
  }
  const robustness = make();
  await replaceJson(runFiles.robustness(folder), robustness);
  return robustness;
}

/** Images that are compressed at once. */
const AT_ONCE = 64;

/** The same images as the network sees them, corrupted when they are read. */
function corruptedSet(drawn: Dataset, chosen: Uint32Array, [height, width, channels]: [number, number, number], order: { corruption: Corruption; severity: number; seed: number }): Dataset {
  const shape: [number, number, number] = [height, width, channels];
  const size = height * width * channels;
  return {
    labels: drawn.labels,
    shape,
    classes: drawn.classes,
    values: 'pixels',
    async read(positions) {
      const stored = await drawn.read(positions);
      const seen = drawn.shape[0] === height && drawn.shape[1] === width ? stored : centreCrop(stored, drawn.shape, [height, width]);
      const bytes = new Uint8Array(positions.length * size);
      const make = async (place: number): Promise<void> => {
        const [from, into] = [seen, bytes].map((all) => all.subarray(place * size, (place + 1) * size) as Uint8Array);
        const { corruption, severity, seed } = order;
        if (corruption === 'jpeg-compression') into.set(await compressed(from, shape, severity));
        else corrupt(from, shape, { corruption, severity, seed, index: chosen[positions[place]] }, into);
      };
      for (let first = 0; first < positions.length; first += AT_ONCE) await Promise.all(Array.from(positions.subarray(first, first + AT_ONCE), async (_, place) => await make(first + place)));
      return bytes;
    },
  };
}

/** The cell, and what has to be predicted for its figures that are not there; nothing for a whole one. */
function lacking(cells: readonly CorruptionCell[], empty: CorruptionCell, digests: Record<string, string>, names: RowNames): { cell: CorruptionCell; names: RowNames }[] {
  const cell = cells.find(({ corruption, severity }) => corruption === empty.corruption && severity === empty.severity) ?? empty;
  const isWanted = (name: string): boolean => !(name in cell.rows);
  return Object.keys(digests).some(isWanted) ? [{ cell, names: neededFor(names, isWanted) }] : [];
}

function figuresOf(names: RowNames, made: ReadonlyMap<string, Predictions>): CorruptionCell['rows'] {
  return Object.fromEntries(rowsFrom(names, made).map(({ name, predictions }) => [name, { error: 1 - accuracy(predictions), nll: nll(predictions) }]));
}
