/** The task `basin`: barriers between networks of a run, verdicts, distances, principal components. */
import { rm } from 'node:fs/promises';
import * as v from 'valibot';
import { largestDifference, withHeadOf, type HostWeights } from '../../../core/basin/host-weights.ts';
import { curvesOf, pointOfLine } from '../../../core/basin/line.ts';
import { DEFAULT_THRESHOLD, MeasuredSetsSchema, ThresholdSchema, verdictOf, type Basin, type BasinSoFar, type Line, type MeasuredSets } from '../../../protocol/basin.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { parseJson } from '../../../protocol/parse.ts';
import { runFiles } from '../../folder.ts';
import { replaceJson } from '../../write.ts';
import type { TaskContext } from '../combine.ts';
import { checkSelf, keyOf, subjectOf, underLock, type Subject } from './analysis.ts';
import { budgetText, Instruments, measuringFields, setsField } from './measuring.ts';
import { PRETRAINED } from './named-networks.ts';
import { PointsFile } from './points-file.ts';
import { geometryOfNetworks } from './stream-geometry.ts';

const BasinRequest = v.strictObject({
  /** Members and soups, and `pretrained`; without it all members that are done, and `pretrained` where there is a checkpoint. */
  networks: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  /** Whose basin is meant; without it the first of them. */
  reference: v.optional(v.string()),
  points: v.optional(v.pipe(v.number(), v.integer(), v.minValue(3), v.maxValue(1001)), 11),
  threshold: v.optional(v.partial(ThresholdSchema), {}),
  sets: setsField,
  ...measuringFields,
});
type Request = v.InferOutput<typeof BasinRequest>;

const PointSchema = v.object({ id: v.string(), sets: MeasuredSetsSchema });
type Point = v.InferOutput<typeof PointSchema>;

/** How far a barrier of a network to itself may be from 0: some back ends sum in another order each time. */
const OWN_BARRIER = 1e-4;

/** One of the two ends of a line, or a network by itself: `digest` tells apart what is measured. */
interface End {
  digest: string;
  weights: () => Promise<HostWeights>;
}

/** @throws StarsseError usage, file-missing, mismatch, backend-missing, data-missing, run-busy, cancelled */
export async function basinTask(folder: string, request: string, context: TaskContext): Promise<Basin> {
  const order = parseJson(BasinRequest, request, 'basin', 'usage');
  const subject = await subjectOf(folder);
  const names = chosenNetworks(subject, order);
  return await underLock(subject, 'basin', async () => {
    const instruments = await Instruments.open(subject.run, subject.model, { ...order, sets: order.sets ?? ['train', 'test'] }, context);
    try {
      const basin = await analyse(subject, names, order, instruments, context);
      await replaceJson(runFiles.analysis(folder, 'basin'), basin);
      await rm(runFiles.analysis(folder, `basin-${basin.key}`), { force: true });
      return basin;
    } finally {
      instruments.close();
    }
  });
}

/** The reference first, `pretrained` last. */
function chosenNetworks({ run, networks }: Subject, { networks: asked, reference }: Request): string[] {
  const members = networks.known.filter((name) => name.startsWith('member-'));
  const wanted = asked ?? [...members, ...(run.plan.model.checkpoint === null ? [] : [PRETRAINED])];
  networks.check(wanted);
  const first = reference ?? wanted.find((name) => name !== PRETRAINED);
  if (first === undefined || first === PRETRAINED) throw new StarsseError('usage', 'The pre-trained network cannot be the reference', { hint: 'Name a member or a soup.' });
  networks.check([first]);
  const names = [...new Set([first, ...wanted.filter((name) => name !== PRETRAINED), ...wanted.filter((name) => name === PRETRAINED)])];
  if (names.length < 2) throw new StarsseError('usage', `${first} alone: there is nothing to compare it with`, { hint: `There are: ${[...networks.known, PRETRAINED].join(', ')}.` });
  return names;
}

async function analyse(subject: Subject, names: string[], order: Request, instruments: Instruments, { signal, onProgress }: TaskContext): Promise<Basin> {
  const { folder, run, networks } = subject;
  const tell = (message: string, fraction: number | null): void => {
    signal.throwIfAborted();
    onProgress({ fraction, message });
  };
  const key = keyOf('basin', run.dataFingerprint, run.plan.seed, run.plan.evaluation.batchSize, instruments.measuring);
  const file = await PointsFile.open(runFiles.analysisPoints(folder, 'basin'), key, PointSchema, ({ id }) => id);
  try {
    const pairs = pairsOf(names);
    const lines = await Promise.all(pairs.map(async ([a, b]) => ({ a, b, ends: await endsOf(subject, a, b) })));
    const ids = new Set(lines.flatMap(({ ends }) => Array.from({ length: order.points }, (_, point) => pointId(ends, point, order.points))));
    const done = [...ids].filter((id) => file.get(id) !== undefined).length;
    const reference = await networks.weights(names[0]);
    const budget = await instruments.budget(reference, { points: ids.size, done, forwardPasses: (ids.size - done) * instruments.passes });
    tell(budgetText(budget), done / ids.size);
    const geometry = await geometryOfNetworks(networks, names, () => tell('Distances and principal components', done / ids.size));
    const threshold = { ...DEFAULT_THRESHOLD, ...order.threshold };
    const basinKey = keyOf(key, names, await Promise.all(names.map(async (name) => await networks.digest(name))), order.points);
    const pretrained = names.includes(PRETRAINED) ? { what: run.members[0].checkpoint ?? run.plan.model.checkpoint ?? 'new weights', head: networks.pretrainedHead } : null;
    const result: Line[] = [];
    const basinSoFar = (): BasinSoFar => ({
      createdAt: new Date().toISOString(),
      key: basinKey,
      networks: names,
      reference: names[0],
      points: order.points,
      measuring: instruments.measuring,
      pretrained,
      budget,
      lines: result,
      threshold,
      verdicts: result.flatMap((line) => (line.a === names[0] && line.b !== PRETRAINED ? [{ network: line.b, verdict: verdictOf(line, threshold) }] : [])),
      geometry,
    });
    const keep = async (): Promise<void> => await replaceJson(runFiles.analysis(folder, `basin-${basinKey}`), basinSoFar());
    await keep();
    let measured = done;
    for (const { a, b, ends } of lines) {
      const points: MeasuredSets[] = [];
      for (let point = 0; point < order.points; point++) {
        tell(`From ${a} to ${b}: point ${point + 1} of ${order.points}`, measured / ids.size);
        const id = pointId(ends, point, order.points);
        points.push((await file.at(id, async () => ((measured += 1), { id, sets: await measurePoint(instruments, ends, point, order.points) }))).sets);
      }
      result.push({ a, b, head: b === PRETRAINED ? networks.pretrainedHead : 'own', sets: curvesOf(points) });
      await keep();
    }
    return { ...basinSoFar(), checks: await checked(instruments, file, lines[0].ends, order.points) };
  } finally {
    await file.close();
  }
}

/** Every pair once, those of the reference first. */
function pairsOf(names: readonly string[]): [string, string][] {
  return names.flatMap((a, index) => names.slice(index + 1).map((b): [string, string] => [a, b]));
}

/** Of a line to the pre-trained network its body has the head of the other end, unless it has one of the task. */
async function endsOf({ networks, model }: Subject, a: string, b: string): Promise<[End, End]> {
  const end = async (name: string): Promise<End> => ({ digest: await networks.digest(name), weights: async () => await networks.weights(name) });
  const first = await end(a);
  if (b !== PRETRAINED || networks.pretrainedHead === 'own') return [first, await end(b)];
  return [first, { digest: `${await networks.digest(b)}/${first.digest}`, weights: async () => withHeadOf(model.network, await networks.weights(b), await first.weights()) }];
}

/** Ends of lines are shared, and a line is the same from its other end. */
function pointId([a, b]: readonly [End, End], point: number, points: number): string {
  if (point === 0) return a.digest;
  if (point === points - 1) return b.digest;
  return a.digest < b.digest ? `${a.digest} ${b.digest} ${point}/${points}` : `${b.digest} ${a.digest} ${points - 1 - point}/${points}`;
}

async function measurePoint({ measure }: Instruments, [a, b]: readonly [End, End], point: number, points: number): Promise<MeasuredSets> {
  return await measure(pointOfLine(await a.weights(), await b.weights(), point, points));
}

/** A network has no barrier to itself, and the way back meets the same weights. @throws StarsseError internal */
async function checked({ measure }: Instruments, file: PointsFile<Point>, [a, b]: readonly [End, End], points: number): Promise<Basin['checks']> {
  const [own, other] = [await a.weights(), await b.weights()];
  const wayBack = largestDifference(pointOfLine(own, other, 1, points), pointOfLine(other, own, points - 2, points));
  checkSelf(wayBack === 0, `the way back differs by ${wayBack}`);
  const id = `${a.digest} itself`;
  const between = (await file.at(id, async () => ({ id, sets: await measure(pointOfLine(own, own, 1, points)) }))).sets;
  const end = file.get(a.digest)!.sets;
  const curves = Object.values(curvesOf([end, between, end]));
  const ownBarrier = Math.max(...curves.flatMap(({ lossBarrier, errorBarrier }) => [lossBarrier ?? 0, errorBarrier]));
  checkSelf(ownBarrier <= OWN_BARRIER, `the barrier of a network to itself is ${ownBarrier}`);
  return { ownBarrier, wayBack };
}
