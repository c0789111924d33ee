/** The tasks `tune-jobs` and `tune-compare`: which runs a tune is made of, and what they tell. They write nothing. */
import path from 'node:path';
import { stepsPerEpoch } from '../../core/batches.ts';
import { ensemble } from '../../core/ensemble.ts';
import { membersOf } from '../../protocol/methods.ts';
import { metricOf, nll, type Predictions } from '../../core/metrics.ts';
import { overSeeds } from '../../core/student.ts';
import { rankMethods, survivors, type PredictionsOf } from '../../core/tune-compare.ts';
import { tuneJobs } from '../../core/tune.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { mostAtOnce } from '../../protocol/members.ts';
import { SoupReportSchema } from '../../protocol/soup.ts';
import { GOALS, TUNE_FORMAT, type Cell, type Comparison, type Goal, type Rung, type Score } from '../../protocol/tune.ts';
import { readJsonInside, readRun, runFiles } from '../folder.ts';
import type { TuneJobs } from '../task-lines.ts';
import { readTune, tuneFiles } from '../tune/tune-folder.ts';
import { viewSoups } from '../view.ts';
import type { TaskContext } from './combine.ts';
import { readPlanData } from './data/plan-data.ts';
import { readPredictions } from './snapshot.ts';

type Metric = Comparison['metric'];

/** The jobs of a rung: of the first all, of later ones those that came through the rung before. Early rungs have one seed. */
export async function tuneJobsTask(folder: string, rung: number, context: TaskContext): Promise<TuneJobs> {
  const { plan, settings, rungEpochs, rungs, runsFolder } = await readTune(folder);
  const last = rung === rungEpochs.length - 1;
  const kept = rung === 0 ? null : survivors(await cellsOf(rungs[rung - 1], runsFolder, plan.evaluation.metric));
  // Also: what is wrong with the data is told before anything is trained. Paths in the plan are from the plans' folder.
  const data = await readPlanData(plan, path.join(tuneFiles.plans(folder), 'plan'), context);
  const { jobs, leftOut } = tuneJobs({
    plan,
    settings,
    epochs: rungEpochs[rung],
    stepsPerEpoch: stepsPerEpoch(data.train.labels.length, plan.training.batchSize),
    seeds: last ? settings.seeds : 1,
    chosen: (cell) => kept === null || kept.some((each) => each.method === cell.method && each.lrRatio === cell.lrRatio && each.epochRatio === cell.epochRatio),
  });
  const named = jobs.map((job) => (rungEpochs.length === 1 ? job : { ...job, id: `rung${rung + 1}-${job.id}` }));
  return { jobs: named, leftOut, mostAtOnce: Math.max(1, ...jobs.map((job) => mostAtOnce(membersOf(job.plan)))) };
}

/** The comparison of the last rung. @throws StarsseError usage before it is done */
export async function tuneCompareTask(folder: string): Promise<Comparison> {
  const state = await readTune(folder);
  const { plan, settings, rungs, rungEpochs, runsFolder } = state;
  const last = rungs.at(rungEpochs.length - 1);
  if (last === undefined || last.jobs.some(({ status }) => status === 'waiting')) {
    throw new StarsseError('usage', `The tune ${folder} is not done`, { hint: `Go on with: starsse tune ${folder}` });
  }
  const { metric, bootstrapSamples } = plan.evaluation;
  const cells = await cellsOf(last, runsFolder, metric);
  const predictionsOf = predictionsIn(runsFolder);
  const ratios = [...new Set(cells.map(({ epochRatio }) => epochRatio))];
  const request = { cells, metric, bootstrapSamples, seed: plan.seed, predictionsOf };
  const rankings = [];
  for (const epochRatio of [null, ...ratios]) for (const goal of GOALS) rankings.push(await rankMethods({ ...request, goal, epochRatio }));
  const jobs = rungs.flatMap((rung) => rung.jobs);
  return {
    format: TUNE_FORMAT,
    name: plan.name,
    metric,
    ...(await imagesOf(cells, predictionsOf)),
    bootstrapSamples,
    settings,
    epochs: last.epochs,
    earlierEpochs: rungEpochs.slice(0, -1),
    spentEpochs: jobs.reduce((sum, { epochs }) => sum + epochs, 0),
    trainedEpochs: jobs.reduce((sum, { epochs, sharedEpochs }) => sum + epochs - sharedEpochs, 0),
    cells,
    leftOut: last.leftOut,
    rankings,
  };
}

async function cellsOf({ jobs }: Rung, runsFolder: string, metric: Metric): Promise<Cell[]> {
  const cells = new Map<string, Cell>();
  for (const job of jobs) {
    const { method, lrRatio, epochRatio, budgetEpochs, epochs, seed, run, reason } = job;
    const key = JSON.stringify([method, lrRatio, epochRatio]);
    const cell = cells.get(key) ?? { method, lrRatio, epochRatio, budgetEpochs, epochs, seeds: [], ensemble: null, soup: null };
    cells.set(key, cell);
    const scores = job.status === 'done' && run !== null ? await scoresOf(path.join(runsFolder, run), metric) : { ensemble: null, soup: null };
    cell.seeds.push({ seed, run, reason, ...scores });
  }
  for (const cell of cells.values()) {
    for (const goal of GOALS) {
      const values = cell.seeds.flatMap((each) => each[goal]?.metric ?? []);
      cell[goal] = values.length === cell.seeds.length ? overSeeds(values) : null;
    }
  }
  return [...cells.values()];
}

/**
 * What stands for a run. Of several members their ensemble, and the run's own soup; where nobody could be mixed with the best member, that one. Of a single one, for both goals, the best
 * on validation of it and the averages of its training: one network of the same budget, however it is best used.
 */
async function scoresOf(folder: string, metric: Metric): Promise<Record<Goal, Score>> {
  const { members } = await readRun(folder);
  const names = members.map(({ name }) => name);
  const soups = await viewSoups(folder);
  const score = async (name: string): Promise<Score> => {
    const predictions = await predictionsNamed(folder, name, names, 'validation');
    return { name, metric: metricOf(predictions, metric), nll: nll(predictions), forwardPasses: name === ENSEMBLE ? names.length : 1 };
  };
  if (names.length === 1) {
    const scores = await Promise.all([...names, ...soups.filter(({ parents }) => parents.join() === names[0]).map(({ name }) => name)].map(score));
    const best = scores.reduce((a, b) => (b.metric > a.metric || (b.metric === a.metric && b.nll < a.nll) ? b : a));
    return { ensemble: best, soup: best };
  }
  const gate = await readJsonInside(folder, runFiles.gate(folder), SoupReportSchema);
  const mixed = names.filter((name) => gate?.members.find((member) => member.name === name)?.taken ?? true);
  const uniform = soups.find(({ rule, parents }) => rule === 'uniform' && parents.join() === mixed.join());
  const soup = mixed.length === 1 ? mixed[0] : uniform?.name;
  if (soup === undefined) throw new StarsseError('file-missing', `${folder} has no soup of ${mixed.join(', ')}`, { hint: `Make it with: starsse soup ${folder}` });
  return { ensemble: await score(ENSEMBLE), soup: await score(soup) };
}

/** The ensemble of all members of a run. */
const ENSEMBLE = 'ensemble';

async function predictionsNamed(folder: string, name: string, members: string[], set: 'validation' | 'test'): Promise<Predictions> {
  if (name !== ENSEMBLE) return await readPredictions(folder, name, set);
  return ensemble(await Promise.all(members.map(async (member) => await readPredictions(folder, member, set))));
}

function predictionsIn(runsFolder: string): PredictionsOf {
  return async (cell, goal, set) => {
    const all: Predictions[] = [];
    for (const each of cell.seeds) {
      const score = each[goal];
      if (score === null || each.run === null) return null;
      const folder = path.join(runsFolder, each.run);
      const names = (await readRun(folder)).members.map(({ name }) => name);
      const predictions = await predictionsNamed(folder, score.name, names, set).catch((error: unknown) => {
        if (set === 'test' && StarsseError.from(error).code === 'file-missing') return null;
        throw error;
      });
      if (predictions === null) return null;
      all.push(predictions);
    }
    return all;
  };
}

async function imagesOf(cells: Cell[], predictionsOf: PredictionsOf): Promise<Pick<Comparison, 'validationImages' | 'testImages'>> {
  const cell = cells.find((each) => each.ensemble !== null);
  if (cell === undefined) throw new StarsseError('diverged', 'No cell of the tune came to its end', { hint: 'Lower the learning rate of the plan, or tune with lower lrRatios.' });
  const count = async (set: 'validation' | 'test'): Promise<number> => (await predictionsOf(cell, 'ensemble', set))?.[0].labels.length ?? 0;
  return { validationImages: await count('validation'), testImages: await count('test') };
}

