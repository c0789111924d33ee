import assert from 'node:assert/strict';
import { test } from 'node:test';
import { membersOf } from '../../src/protocol/methods.ts';
import { budgetOf, emaDecayOf, independentEpochs } from '../../src/core/tune-budget.ts';
import { tuneJobs } from '../../src/core/tune.ts';
import { parse } from '../../src/protocol/parse.ts';
import { PlanSchema, type Plan } from '../../src/protocol/plan.ts';
import { epochsOf } from '../../src/protocol/schedule.ts';
import { rungEpochs } from '../../src/protocol/tune-rungs.ts';
import { TUNE_METHODS, TUNE_PRESETS, TuneJobSchema, type TuneJob, type TuneSettings } from '../../src/protocol/tune.ts';
import { tinyPlan } from '../fixtures/tiny-plan.ts';

const authors = parse(PlanSchema, { ...tinyPlan(), model: { network: 'resnet-50', checkpoint: 'byol.safetensors' }, method: { kind: 'starsse', members: 5 }, training: { epochs: 25, optimizer: { learningRate: 0.05 } }, seed: 7 }, 'plan');
const settings: TuneSettings = {
  methods: ['starsse', 'sse', 'fge', 'fge-star', 'local-de', 'local-de-shared'], ...TUNE_PRESETS.authors,
  seeds: 1, members: null, halving: false, swaStart: 0.75, swaLrRatio: null, emaDecay: null,
};
const jobsOf = (plan: Plan, changes: Partial<TuneSettings> = {}) => tuneJobs({ plan, settings: { ...settings, ...changes }, epochs: plan.training.epochs, stepsPerEpoch: 40, seeds: changes.seeds ?? 1, chosen: () => true });
const spent = ({ plan }: TuneJob): number => membersOf(plan).reduce((sum, member) => sum + epochsOf(member), 0);

test('golden budgets: the authors\' E = 25, K = 5', () => {
  const rows = [0.5, 1, 2, 4].map((epochRatio) => {
    const { epochs, cycleEpochs, longEpochs } = budgetOf({ epochs: 25, probeEpochs: 0, members: 5, epochRatio });
    return [cycleEpochs, epochs, longEpochs, independentEpochs(epochs, 5, 0)];
  });
  assert.deepEqual(rows, [[12, 73, 73, 15], [25, 125, 125, 25], [50, 225, 225, 45], [100, 425, 425, 85]]);
});

test('golden budgets with probes, one member, more checkpoints than members, and 0.29 x 100', () => {
  assert.deepEqual(budgetOf({ epochs: 10, probeEpochs: 3, members: 4, epochRatio: 0.5 }), { epochs: 28, cycleEpochs: 5, longEpochs: 25 });
  assert.equal(independentEpochs(28, 4, 3), 4);
  assert.equal(independentEpochs(28, 10, 3), 0);
  assert.deepEqual(budgetOf({ epochs: 10, probeEpochs: 0, members: 1, epochRatio: 1 }), { epochs: 10, cycleEpochs: 10, longEpochs: 10 });
  assert.equal(budgetOf({ epochs: 100, probeEpochs: 0, members: 2, epochRatio: 0.29 }).cycleEpochs, 29);
});

test('every method spends its budget: exactly, or, where members do not divide it, less than K epochs more', () => {
  const { jobs, leftOut } = jobsOf(authors, { seeds: 2 });
  assert.deepEqual(leftOut, []);
  assert.equal(jobs.length, 7 * 5 * 4 * 2);
  for (const job of jobs) {
    assert.deepEqual(parse(TuneJobSchema, job, job.id), job);
    assert.equal(job.epochs, spent(job), job.id);
    const more = job.epochs - job.budgetEpochs;
    if (job.method.startsWith('local-de')) assert.ok(more >= 0 && more < 5, job.id);
    else assert.equal(more, 0, job.id);
  }
  const at = (epochRatio: number) => new Set(jobs.filter((job) => job.epochRatio === epochRatio).map(({ budgetEpochs }) => budgetEpochs));
  assert.deepEqual([0.5, 1, 2, 4].map((ratio) => [...at(ratio)]), [[73], [125], [225], [425]]);
});

test('every method has the same learning rates in what it has to choose', () => {
  const { jobs } = jobsOf(authors);
  for (const method of TUNE_METHODS.filter((each) => each !== 'global-de')) {
    const rates = new Set(jobs.filter((job) => job.method === method).map(({ plan }) => membersOf(plan).at(-1)!.learningRate));
    assert.deepEqual([...rates].sort((a, b) => a - b), [0.0125, 0.025, 0.05, 0.1, 0.2], method);
  }
  // Member 1 of a star keeps the plan's rate, all members of Local DE have the cell's.
  const ratesOf = (id: string) => membersOf(jobs.find((job) => job.id === id)!.plan).map(({ learningRate }) => learningRate);
  assert.deepEqual(ratesOf('starsse-lr4-ep1-seed7'), [0.05, 0.2, 0.2, 0.2, 0.2]);
  assert.deepEqual(ratesOf('local-de-lr4-ep1-seed7'), [0.2, 0.2, 0.2, 0.2, 0.2]);
});

test('the long run is there unasked, with both averages of the budget\'s epochs', () => {
  const { jobs } = jobsOf(authors, { methods: ['starsse'], lrRatios: [0.5], epochRatios: [2], swaLrRatio: 0.5 });
  const long = jobs.find(({ method }) => method === 'fine-tuning')!;
  const [member] = membersOf(long.plan);
  assert.deepEqual([member.epochs, member.learningRate, member.swa, member.ema], [225, 0.025, { startEpoch: 168, learningRate: 0.0125 }, { decay: 1 - 20 / (225 * 40) }]);
  assert.deepEqual([emaDecayOf(10), emaDecayOf(2000)], [0.5, 0.99]);
});

test('members that are the same are trained once: member 1 of stars and chains, member 2 too, and Local DE at the plan\'s own rate and epochs', () => {
  const { jobs } = jobsOf(authors, { methods: ['starsse', 'sse', 'local-de'], lrRatios: [1, 2], epochRatios: [1] });
  const shared = Object.fromEntries(jobs.map(({ id, sharedEpochs }) => [id, sharedEpochs]));
  assert.deepEqual(shared, {
    'fine-tuning-lr1-ep1-seed7': 0,
    'fine-tuning-lr2-ep1-seed7': 0,
    'starsse-lr1-ep1-seed7': 0,
    'starsse-lr2-ep1-seed7': 25,
    'sse-lr1-ep1-seed7': 50,
    'sse-lr2-ep1-seed7': 50,
    'local-de-lr1-ep1-seed7': 25,
    'local-de-lr2-ep1-seed7': 0,
  });
  // Another seed shares nothing; seeds of repeats are K apart.
  const repeated = jobsOf(authors, { methods: ['starsse'], lrRatios: [1], epochRatios: [1], seeds: 2 }).jobs;
  assert.deepEqual(repeated.map(({ seed, sharedEpochs }) => [seed, sharedEpochs]), [[7, 0], [12, 0], [7, 0], [12, 0]]);
});

test('cells that cannot be made are left out with the reason; a method without a cell is refused', () => {
  const short = { ...authors, training: { ...authors.training, epochs: 2 } };
  const { jobs, leftOut } = jobsOf(short, { methods: ['starsse'], lrRatios: [0, 1], epochRatios: [0.25, 0.5, 0.75] });
  assert.deepEqual([...new Set(jobs.map(({ epochRatio }) => epochRatio))], [0.5]);
  const reasons = leftOut.filter(({ method, lrRatio }) => method === 'fine-tuning' && lrRatio === 0).map(({ epochRatio, reason }) => [epochRatio, reason]);
  assert.deepEqual(reasons, [
    [0.25, 'floor(0.25 x 2 epochs) is no epoch'],
    [0.5, 'a learning rate of 0 from the start trains nothing'],
    [0.75, 'cycles of 1 epochs are those of epochRatio 0.5'],
  ]);
  assert.throws(() => jobsOf(short, { methods: ['starsse'], epochRatios: [0.25] }), { code: 'plan-invalid', message: /fine-tuning cannot be tuned: floor\(0\.25 x 2 epochs\)/ });
  assert.throws(() => jobsOf(authors, { methods: ['global-de'] }), { code: 'plan-invalid', message: /global-de cannot be tuned: method\.kind is "starsse"/ });
  assert.throws(() => jobsOf({ ...authors, memberSeeds: [1, 2, 3, 4, 5] }), { code: 'plan-invalid', message: /memberSeeds is set/ });
});

test('Global DE has the budget of the others for as many members as it has checkpoints', () => {
  const global = { ...authors, method: { kind: 'global-de' as const, otherCheckpoints: ['b.safetensors', 'c.safetensors'], head: 'new' as const, linearProbe: null } };
  const { jobs } = jobsOf(global, { methods: ['global-de', 'starsse'], lrRatios: [1], epochRatios: [1], members: 5 });
  assert.deepEqual(jobs.map(({ method, budgetEpochs, epochs }) => [method, budgetEpochs, epochs]), [['fine-tuning', 125, 125], ['global-de', 125, 126], ['starsse', 125, 125]]);
});

test('rungs of successive halving: halves of the epochs, as long as the shortest cycle has one', () => {
  assert.deepEqual(rungEpochs(25, [0.5, 1], true), [6, 12, 25]);
  assert.deepEqual(rungEpochs(25, [0.5, 1], false), [25]);
  assert.deepEqual(rungEpochs(4, [0.5], true), [2, 4]);
  assert.deepEqual(rungEpochs(1, [1], true), [1]);
  // The warm-up of a shorter rung is shorter alike.
  const warm = { ...authors, training: { ...authors.training, warmup: { epochs: 10, startLearningRate: 0 } } };
  const { jobs } = tuneJobs({ plan: warm, settings, epochs: 12, stepsPerEpoch: 40, seeds: 1, chosen: ({ method, lrRatio, epochRatio }) => method === 'starsse' && lrRatio === 1 && epochRatio === 1 });
  assert.deepEqual(jobs.map(({ plan }) => [plan.training.epochs, plan.training.warmup?.epochs]), [[12, 5]]);
});
