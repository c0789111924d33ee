/** What a tune leaves: comparison.json, the same to read (.md) and to compute with (.csv), and a plan for each winner. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../../protocol/plan.ts';
import { GOALS, type Comparison, type Goal, type TuneMethod, type TuneState } from '../../protocol/tune.ts';
import { csvText, type Cell } from '../records/csv.ts';
import { diskError, replaceFile, replaceJson } from '../write.ts';
import { comparisonMarkdown } from './comparison-text.ts';
import { movedPlan } from './moved-plan.ts';
import { tuneFiles } from './tune-folder.ts';

const CELL_COLUMNS = ['method', 'lrRatio', 'epochRatio', 'budgetEpochs', 'epochs', 'seed', 'run', 'failure', 'goal', 'what', 'forwardPasses', 'validation', 'validationNll'];
const RANKING_COLUMNS = [
  'goal', 'within', 'method', 'lrRatio', 'epochRatio', 'epochs', 'forwardPasses', 'validation', 'validationLow', 'validationHigh', 'difference', 'differenceLow', 'differenceHigh',
  'test', 'testLow', 'testHigh', 'testDifference', 'testDifferenceLow', 'testDifferenceHigh',
];

/** @throws StarsseError disk */
export async function writeComparison(folder: string, state: TuneState, comparison: Comparison): Promise<void> {
  await mkdir(tuneFiles.winners(folder), { recursive: true }).catch((error: unknown) => {
    throw diskError(error, folder);
  });
  for (const goal of GOALS) {
    const [best, ...rest] = winnersOf(state, comparison, goal);
    if (best !== undefined) await replaceJson(tuneFiles.best(folder, goal), winnerPlan(best.plan, goal, tuneFiles.plans(folder), folder));
    for (const { method, plan } of best === undefined ? [] : [best, ...rest]) {
      const file = path.join(tuneFiles.winners(folder), `${goal}-${method}.starsse.json`);
      await replaceJson(file, winnerPlan(plan, goal, tuneFiles.plans(folder), tuneFiles.winners(folder)));
    }
  }
  await replaceFile(tuneFiles.cells(folder), [csvText(CELL_COLUMNS, cellRows(comparison))]);
  await replaceFile(tuneFiles.rankings(folder), [csvText(RANKING_COLUMNS, rankingRows(comparison))]);
  await replaceFile(tuneFiles.report(folder), [comparisonMarkdown(comparison)]);
  // Last: whoever finds it finds the others.
  await replaceJson(tuneFiles.comparison(folder), comparison);
}

/** The plan of the chosen cell's first seed for each method, best first. */
function winnersOf({ rungs }: TuneState, { rankings }: Comparison, goal: Goal): { method: TuneMethod; plan: Plan }[] {
  const rows = rankings.find((ranking) => ranking.goal === goal && ranking.epochRatio === null)?.rows ?? [];
  const jobs = rungs.at(-1)?.jobs ?? [];
  return rows.flatMap(({ method, lrRatio, epochRatio }) => {
    const job = jobs.find((each) => each.method === method && each.lrRatio === lrRatio && each.epochRatio === epochRatio);
    return job === undefined ? [] : [{ method, plan: job.plan }];
  });
}

function winnerPlan(plan: Plan, goal: Goal, from: string, to: string): Plan {
  return { ...movedPlan(plan, from, to), name: `${plan.name.replace(/, seed \d+$/, '').slice(0, 80)} (tuned: ${goal})` };
}

function cellRows({ cells }: Comparison): Cell[][] {
  return cells.flatMap(({ method, lrRatio, epochRatio, budgetEpochs, epochs, seeds }) =>
    seeds.flatMap((each) =>
      GOALS.map((goal): Cell[] => {
        const score = each[goal];
        return [method, lrRatio, epochRatio, budgetEpochs, epochs, each.seed, each.run, each.reason, goal, score?.name ?? null, score?.forwardPasses ?? null, score?.metric ?? null, score?.nll ?? null];
      }),
    ),
  );
}

function rankingRows({ rankings }: Comparison): Cell[][] {
  return rankings.flatMap(({ goal, epochRatio: within, rows }) =>
    rows.map(({ method, lrRatio, epochRatio, epochs, forwardPasses, validation, difference, test, testDifference }): Cell[] => [
      goal, within === null ? 'all budgets' : within, method, lrRatio, epochRatio, epochs, forwardPasses,
      ...[validation, test].flatMap((mean, index): Cell[] => {
        const paired = index === 0 ? difference : testDifference;
        return [mean?.mean ?? null, mean?.low ?? null, mean?.high ?? null, paired?.estimate ?? null, paired?.low ?? null, paired?.high ?? null];
      }),
    ]),
  );
}
