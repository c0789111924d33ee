/** The task `plane`: loss and error on a plane through three networks, along random directions, or on a simplex. */
import * as v from 'valibot';
import { combine } from '../../../core/basin/host-weights.ts';
import { parseJson } from '../../../protocol/parse.ts';
import { SurfacePointSchema, type Surface, type SurfacePoint } from '../../../protocol/plane.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { runFiles } from '../../folder.ts';
import { replaceJson } from '../../write.ts';
import type { TaskContext } from '../combine.ts';
import { keyOf, subjectOf, underLock, type Subject } from './analysis.ts';
import { contoursOf } from './contours.ts';
import { budgetText, Instruments, measuringFields, setsField, type MeasuringOrder } from './measuring.ts';
import { PointsFile } from './points-file.ts';
import { shapeSurface, type ShapedSurface, type SurfaceOrder } from './surface.ts';

const PlaneRequest = v.strictObject({
  kind: v.picklist(['plane', 'random', 'simplex']),
  /** Members, soups, `pretrained`: three, or one for random directions. */
  networks: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(3)),
  /** Points a side, or steps of a simplex; without it 17, and 8 of a simplex. */
  size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2))),
  /** `SurfaceOrder.reach`; without it 0.3 of a plane and 1 of random directions. */
  reach: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(100))),
  seed: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
  sets: setsField,
  ...measuringFields,
});
type Request = v.InferOutput<typeof PlaneRequest>;

const SIZES = { plane: 17, random: 17, simplex: 8 };
const REACHES = { plane: 0.3, random: 1, simplex: 0 };
const idOf = ({ column, row }: Pick<SurfacePoint, 'column' | 'row'>): string => `${column} ${row}`;

/** Points that are there already are not measured again. @throws StarsseError usage, file-missing, mismatch, backend-missing, data-missing, run-busy, cancelled */
export async function planeTask(folder: string, request: string, context: TaskContext): Promise<Surface> {
  const order = parseJson(PlaneRequest, request, 'plane', 'usage');
  const subject = await subjectOf(folder);
  const surface = surfaceOrder(subject, order);
  const measuring: MeasuringOrder = { ...order, sets: order.sets ?? ['train', 'test'] };
  const digests = await Promise.all(surface.networks.map(async (name) => await subject.networks.digest(name)));
  const key = keyOf('plane', subject.run.dataFingerprint, subject.run.plan.seed, subject.run.plan.evaluation.batchSize, surface, digests, measuring);
  return await underLock(subject, `plane-${key}`, async () => {
    const shape = await shapeSurface(subject, surface);
    const instruments = await Instruments.open(subject.run, subject.model, measuring, context);
    try {
      return await measureSurface(subject, surface, shape, instruments, key, context);
    } finally {
      instruments.close();
    }
  });
}

function surfaceOrder({ networks }: Subject, { kind, networks: names, size = SIZES[kind], reach = REACHES[kind], seed }: Request): SurfaceOrder {
  const wanted = kind === 'random' ? 1 : 3;
  if (names.length !== wanted) throw new StarsseError('usage', `A ${kind === 'random' ? 'surface of random directions' : kind} takes ${wanted === 1 ? 'one network' : 'three networks'}, not ${names.length}`);
  networks.check(names);
  return { kind, networks: names, size, reach, seed };
}

async function measureSurface({ folder }: Subject, order: SurfaceOrder, shape: ShapedSurface, instruments: Instruments, key: string, { signal, onProgress }: TaskContext): Promise<Surface> {
  const name = `plane-${key}`;
  const file = await PointsFile.open(runFiles.analysisPoints(folder, name), key, SurfacePointSchema, idOf);
  try {
    const { grid, sources, coefficients, columns, rows, places, headOf } = shape;
    const done = grid.filter((point) => file.get(idOf(point)) !== undefined).length;
    const budget = await instruments.budget(sources[0], { points: grid.length, done, forwardPasses: (grid.length - done) * instruments.passes });
    const tell = (message: string, fraction: number): void => {
      signal.throwIfAborted();
      onProgress({ fraction, message });
    };
    tell(budgetText(budget), done / grid.length);
    const points: SurfacePoint[] = grid.flatMap((point) => file.get(idOf(point)) ?? []);
    const surfaceSoFar = (): Surface => {
      const surface = { createdAt: new Date().toISOString(), key, kind: order.kind, networks: [...order.networks], seed: order.kind === 'random' ? order.seed : null, places, columns, rows, measuring: instruments.measuring, budget, headOf, points };
      return { ...surface, isWhole: points.length === grid.length, contours: order.kind === 'simplex' ? [] : contoursOf(surface, points) };
    };
    // Who looks on needs to know where the points lie before the first level is whole.
    await replaceJson(runFiles.analysis(folder, name), surfaceSoFar());
    points.length = 0;
    for (const [index, point] of grid.entries()) {
      tell(`Level ${point.level + 1} of ${grid[grid.length - 1].level + 1}: point ${index + 1} of ${grid.length}`, index / grid.length);
      points.push(await file.at(idOf(point), async () => ({ ...point, sets: await instruments.measure(combine(sources, coefficients(point))) })));
      if (index + 1 === grid.length || grid[index + 1].level > point.level) await replaceJson(runFiles.analysis(folder, name), surfaceSoFar());
    }
    return surfaceSoFar();
  } finally {
    await file.close();
  }
}
