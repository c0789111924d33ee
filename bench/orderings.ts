/**
 * What is known to hold of ensembles in transfer learning, checked on a small task, and what is not known, measured:
 * `node bench/orderings.ts [--seeds 3] [--network small-cnn] [--backend auto]`. It prints a report and ends with exit code 0,
 * whatever came out: a check that did not hold is a reason to look, and the ranking of methods is a result and no promise.
 */
import { parseArgs } from 'node:util';
import { startBackend } from '../src/backends/choose.ts';
import { builtinNetwork, type BuiltinName } from '../src/core/builtin.ts';
import { diversity } from '../src/core/diversity.ts';
import { ensemble } from '../src/core/ensemble.ts';
import { accuracy, mean } from '../src/core/metrics.ts';
import { overSeeds } from '../src/core/student.ts';
import { budgetOf, emaDecayOf, independentEpochs } from '../src/core/tune-budget.ts';
import { parse } from '../src/protocol/parse.ts';
import { PlanSchema, type Plan, type PlanInput } from '../src/protocol/plan.ts';
import type { TensorData } from '../src/protocol/tensor.ts';
import { errorBarrier, relativeDistance, soupOf, trainPlan, type Trained } from './orderings/lab.ts';
import { CLASSES, SIDE, sourceTask, targetTask } from './orderings/task.ts';
import { reportWords } from './report.ts';

const MEMBERS = 4;
const EPOCHS = 8;
const BATCH = 32;
const LR = 0.02;
const LR_RATIOS = [0.5, 1, 2, 4];
const STRONG = 8;
/** A difference below this is none. */
const TOLERANCE = 0.002;

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '3' }, network: { type: 'string', default: 'small-cnn' }, backend: { type: 'string', default: 'auto' } } });
const network = builtinNetwork(values.network as BuiltinName, [SIDE, SIDE, 1], CLASSES);
const [source, target] = [sourceTask(), targetTask()];

function planOf(method: PlanInput['method'], seed: number, { epochs = EPOCHS, learningRate = LR, checkpoint = 'a' }: { epochs?: number; learningRate?: number; checkpoint?: string | null } = {}): Plan {
  return parse(PlanSchema, {
    name: 'orderings', model: { network: null, checkpoint }, data: { kind: 'npz', train: { file: 'none' }, split: { validation: 1 } }, method, seed,
    training: { epochs, batchSize: BATCH, optimizer: { learningRate, weightDecay: 1e-4 }, guards: { maxLoss: 1e6, collapse: false } },
  }, 'plan');
}

async function pretrain(): Promise<Map<string, TensorData[]>> {
  const checkpoints = new Map<string, TensorData[]>();
  for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
    const [trained] = await trainPlan(planOf({ kind: 'fine-tuning' }, 100 + index, { epochs: 5, learningRate: 0.05, checkpoint: null }), network, source, checkpoints);
    console.log(`checkpoint ${name}: ${percent(accuracy(trained.test))} of the source task`);
    checkpoints.set(name, trained.tensors);
  }
  return checkpoints;
}

interface Group {
  members: Trained[];
  mean: number;
  ensemble: number;
  ensembleOnValidation: number;
  soup: number;
  soupOnValidation: number;
  disagreement: number;
  /** Of the error, between members 2 and 3: both are results of a cycle. */
  barrier: number;
  distance: number;
}

async function measure(members: Trained[]): Promise<Group> {
  const soup = await soupOf(network, members, target);
  return {
    members,
    mean: mean(members.map(({ test }) => accuracy(test))),
    ensemble: accuracy(ensemble(members.map(({ test }) => test))),
    ensembleOnValidation: accuracy(ensemble(members.map(({ validation }) => validation))),
    soup: soup.test,
    soupOnValidation: soup.validation,
    disagreement: diversity(members.map(({ test }) => test)).disagreement,
    barrier: await errorBarrier(network, members[1], members[2], target),
    distance: relativeDistance(members[1], members[2]),
  };
}

interface Seed {
  localDe: Map<number, Group>;
  globalDe: Group;
  starsse: Map<number, Group>;
  sse: Map<number, Group>;
  /** The best of last weights, SWA and EMA on validation, by learning rate. */
  long: Map<number, { validation: number; test: number }>;
}

const budget = budgetOf({ epochs: EPOCHS, probeEpochs: 0, members: MEMBERS, epochRatio: 1 });

async function oneSeed(seed: number, checkpoints: Map<string, TensorData[]>): Promise<Seed> {
  const train = async (plan: Plan): Promise<Trained[]> => await trainPlan(plan, network, target, checkpoints);
  const group = async (plan: Plan): Promise<Group> => await measure(await train(plan));
  const star = (lrRatio: number) => planOf({ kind: 'starsse', members: MEMBERS, cycle: { lrRatio } }, seed);
  const result: Seed = { localDe: new Map(), globalDe: await group(planOf({ kind: 'global-de', otherCheckpoints: ['b', 'c', 'd'] }, seed)), starsse: new Map(), sse: new Map(), long: new Map() };
  for (const lrRatio of LR_RATIOS) {
    const rate = { learningRate: lrRatio * LR };
    result.localDe.set(lrRatio, await group(planOf({ kind: 'local-de', members: MEMBERS }, seed, { epochs: independentEpochs(budget.epochs, MEMBERS, 0), ...rate })));
    result.starsse.set(lrRatio, await group(star(lrRatio)));
    result.sse.set(lrRatio, await group(planOf({ kind: 'sse', members: MEMBERS, cycle: { lrRatio } }, seed)));
    const steps = budget.longEpochs * Math.ceil(target.train.labels.length / BATCH);
    const [long] = await train(planOf({ kind: 'fine-tuning', swa: { start: 0.75 }, ema: { decay: emaDecayOf(steps) } }, seed, { epochs: budget.longEpochs, ...rate }));
    const [best] = [long, ...long.averages].map(({ validation, test }) => ({ validation: accuracy(validation), test: accuracy(test) })).toSorted((a, b) => b.validation - a.validation);
    result.long.set(lrRatio, best);
  }
  result.starsse.set(STRONG, await group(star(STRONG)));
  return result;
}

const outcomes: boolean[] = [];

/** One line of the report: a figure of each seed that ought to be above the tolerance. */
function check(what: string, seeds: Seed[], margin: (seed: Seed) => number, show: (seed: Seed) => string, tolerance = TOLERANCE): void {
  const margins = seeds.map(margin);
  const held = mean(margins) > tolerance;
  outcomes.push(held);
  console.log(`\n${held ? 'HELD        ' : 'DID NOT HOLD'}  ${what} (in ${margins.filter((each) => each > tolerance).length} of ${seeds.length} seeds)`);
  for (const [index, seed] of seeds.entries()) console.log(`              seed ${index}: ${show(seed)}`);
}

function report(seeds: Seed[]): void {
  const de = (seed: Seed) => seed.localDe.get(1)!;
  const weak = (seed: Seed) => seed.starsse.get(LR_RATIOS[0])!;
  const strong = (seed: Seed) => seed.starsse.get(STRONG)!;
  const first = (seed: Seed) => accuracy(de(seed).members[0].test);
  // The whole rise, unless a step falls by more than the tolerance.
  const rising = (figures: number[]): number => {
    const steps = figures.slice(1).map((figure, index) => figure - figures[index]);
    return Math.min(...steps) < -TOLERANCE ? Math.min(...steps) : figures[figures.length - 1] - figures[0];
  };
  const byRate = (figure: (group: Group) => number) => (seed: Seed) => [LR_RATIOS[0], 2, STRONG].map((ratio) => figure(seed.starsse.get(ratio)!));
  const barriersApart = (seed: Seed) => seed.globalDe.barrier - weak(seed).barrier;

  console.log('\n== Expected of any sound implementation ==');
  check('Local DE beats its mean member', seeds, (seed) => de(seed).ensemble - de(seed).mean, (seed) => `ensemble ${percent(de(seed).ensemble)}, mean member ${percent(de(seed).mean)}`);
  check('Global DE is more diverse than Local DE', seeds, (seed) => seed.globalDe.disagreement - de(seed).disagreement, (seed) => `disagreement ${percent(seed.globalDe.disagreement)}, ${percent(de(seed).disagreement)}`);
  check('barriers between checkpoints are far above those within one basin', seeds, barriersApart, (seed) => `error barrier ${percent(seed.globalDe.barrier)}, ${percent(weak(seed).barrier)} (StarSSE, lr x ${LR_RATIOS[0]})`, 0.05);
  check('the soup of members from different checkpoints collapses', seeds, (seed) => seed.globalDe.mean - seed.globalDe.soup, (seed) => `soup ${percent(seed.globalDe.soup)}, mean member ${percent(seed.globalDe.mean)}`, 0.1);
  for (const [what, figure] of [['diversity', (group: Group) => group.disagreement], ['distance', (group: Group) => group.distance], ['barrier', (group: Group) => group.barrier]] as const) {
    check(`${what} grows with the cycle learning rate (x ${LR_RATIOS[0]}, 2, ${STRONG})`, seeds, (seed) => rising(byRate(figure)(seed)), (seed) => byRate(figure)(seed).map((value) => value.toFixed(4)).join(', '), 0);
  }
  check(`with a large barrier (cycle lr x ${STRONG}) the soup falls further than the ensemble`, seeds, (seed) => weak(seed).soup - strong(seed).soup - (weak(seed).ensemble - strong(seed).ensemble), (seed) =>
    `barrier ${percent(strong(seed).barrier)}: soup ${percent(weak(seed).soup)} -> ${percent(strong(seed).soup)}, ensemble ${percent(weak(seed).ensemble)} -> ${percent(strong(seed).ensemble)}`);
  check('the StarSSE soup (lr x 1) beats member 1', seeds, (seed) => seed.starsse.get(1)!.soup - first(seed), (seed) => `soup ${percent(seed.starsse.get(1)!.soup)}, member 1 ${percent(first(seed))}`);

  console.log(`\n== Ranking at ${budget.epochs} epochs each, learning rate chosen on validation among x ${LR_RATIOS.join(', ')} (a result of this task, whatever it is) ==`);
  for (const goal of ['ensemble', 'soup'] as const) rank(goal, seeds);
}

function rank(goal: 'ensemble' | 'soup', seeds: Seed[]): void {
  const onTest = (groups: Map<number, Group>): number => best(LR_RATIOS.map((ratio) => groups.get(ratio)!).map((group) => ({ validation: goal === 'ensemble' ? group.ensembleOnValidation : group.soupOnValidation, test: group[goal] })));
  const methods: Record<string, (seed: Seed) => number> = {
    'Local DE': (seed) => onTest(seed.localDe),
    StarSSE: (seed) => onTest(seed.starsse),
    SSE: (seed) => onTest(seed.sse),
    'one long run (last, SWA or EMA)': (seed) => best([...seed.long.values()]),
  };
  console.log(`\n${goal}, test accuracy: mean over seeds [95 %, Student's t]; each seed`);
  const rows = Object.entries(methods).map(([name, figure]) => ({ name, figures: seeds.map(figure) })).toSorted((a, b) => mean(b.figures) - mean(a.figures));
  for (const { name, figures } of rows) {
    const { mean: middle, low, high } = overSeeds(figures);
    console.log(`  ${name.padEnd(32)} ${percent(middle)}${low === null || high === null ? '' : ` [${percent(low)}, ${percent(high)}]`}   ${figures.map(percent).join('  ')}`);
  }
}

function best(figures: { validation: number; test: number }[]): number {
  return figures.reduce((a, b) => (b.validation > a.validation ? b : a)).test;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

const device = await startBackend(values.backend as Plan['compute']['backend'], { threads: 1 });
console.log(`${values.network}, ${device.description}; ${MEMBERS} members, ${EPOCHS} epochs of ${target.train.labels.length} images, ${target.test.labels.length} test images`);
const checkpoints = await pretrain();
const seeds: Seed[] = [];
for (let index = 0; index < Number(values.seeds); index++) {
  const startedMs = performance.now();
  seeds.push(await oneSeed(1 + index * MEMBERS, checkpoints));
  console.log(`seed ${index}: ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
}
report(seeds);
reportWords(`orderings that any sound implementation shows, on ${seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`} of a small task`, `${outcomes.filter((held) => held).length} of ${outcomes.length} held`);
process.exit(0);
