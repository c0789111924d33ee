/**
 * A whole experiment, StarSSE of five members from its data to accuracies of soup and ensemble: `starsse run` against a script in PyTorch
 * (bench/pytorch/experiment.py) of the same recipe, both as commands with their start-up, in turn. The script has the fastest number of threads and
 * the fastest input of those that are tried first. Also: how soon the first step comes, and what members side by side lose to one alone.
 *
 *   node scripts/node24.mjs bench/experiment.ts [sample|folders] [--rounds 5] [--epochs N] [--way 2:memory]
 *
 * `sample` is the plan of samples/fashion-mnist; `folders` has 10,000 images of 32 x 32 in class folders and two epochs a member. `--way` is the
 * script's threads and input where they were found before.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '../src/backends/cache-folder.ts';
// @ts-expect-error -- a script without types
import { prepareData } from '../samples/fashion-mnist/prepare-data.mjs';
import { buildIfStale } from '../scripts/build.mjs';
import { pythonReference } from '../test/reference/python.ts';
import { foldersExperiment, sampleExperiment } from './experiment/plans.ts';
import { bestWay, imagesPerSecond, ours, pytorch, type Outcome } from './experiment/sides.ts';
import { machine } from './machine.ts';
import { inTurn, reportMissing, reportRatio, spread, spreadText } from './report.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string', default: '5' }, epochs: { type: 'string' }, way: { type: 'string' } } });
const [name = 'sample'] = positionals;
const rounds = Number(values.rounds);
const epochs = values.epochs === undefined ? null : Number(values.epochs);

prepareData();
buildIfStale();
const python = await pythonReference();
if (python === null) reportMissing(`experiment ${name}`, 'no Python');
else await compare(python);

async function compare(interpreter: string): Promise<void> {
  const folder = path.join(cacheFolder(), 'bench');
  mkdirSync(folder, { recursive: true });
  const experiment = name === 'folders' ? await foldersExperiment(folder, epochs) : sampleExperiment(folder, epochs);
  const runs = mkdtempSync(path.join(tmpdir(), 'starsse-experiment-'));
  try {
    console.log(`${experiment.what}; ${machine()}`);
    const { best, tried } = knownWay(values.way) ?? bestWay(interpreter, experiment, name === 'folders' ? 1 : 3);
    for (const { way, seconds } of tried) console.log(`PyTorch, ${way.threads} threads, ${way.input}: ${seconds.toFixed(2)} s for the epochs tried`);
    const last: { ours?: Outcome; pytorch?: Outcome } = {};
    const first: number[] = [];
    const startedMs = performance.now();
    const oneRound = await inTurn(rounds, [
      async () => {
        const { firstStepSeconds, ...outcome } = await ours(experiment, runs);
        if (firstStepSeconds !== null) first.push(firstStepSeconds);
        tell('starsse run', (last.ours = outcome));
        return outcome.seconds;
      },
      () => {
        tell('PyTorch', (last.pytorch = pytorch(interpreter, experiment, best)));
        if (first.length === 1) console.log(`about ${Math.ceil((rounds * (performance.now() - startedMs)) / 60_000)} minutes to go`);
        return last.pytorch!.seconds;
      },
    ]);
    console.log(`starsse run ${spreadText(spread(oneRound.map(([a]) => a)), 1)} s, PyTorch ${spreadText(spread(oneRound.map(([, b]) => b)), 1)} s with ${best.threads} threads and ${best.input}`);
    reportRatio(`${experiment.what}: our time / the script's in PyTorch`, oneRound.map(([a, b]) => a / b), { atMost: 0.75 });
    reportRatio(`${experiment.what}: seconds from the command to the first training step`, first.slice(1), { atMost: 5 });
    await arms(experiment.plan, experiment.what, folder, runs);
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
}

function knownWay(way: string | undefined): ReturnType<typeof bestWay> | null {
  if (way === undefined) return null;
  const [threads, input] = way.split(':');
  return { best: { threads: Number(threads), input }, tried: [] };
}

function tell(side: string, { seconds, meanMember, soup, ensemble }: Outcome): void {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  console.log(`${side.padEnd(12)} ${seconds.toFixed(1)} s; accuracy of the mean member ${percent(meanMember)}, soup ${percent(soup)}, ensemble ${percent(ensemble)}`);
}

/** Two members of the same training side by side, and one alone on as many threads. */
async function arms(plan: string, what: string, folder: string, runs: string): Promise<void> {
  const text = JSON.parse(readFileSync(plan, 'utf8')) as { training: object };
  const planOf = (members: number): string => {
    const file = path.join(folder, `${name}-${members}.starsse.json`);
    writeFileSync(file, JSON.stringify({ ...text, method: { kind: 'local-de', members }, training: { ...text.training, epochs: name === 'folders' ? 2 : 6 } }));
    return file;
  };
  const [one, two] = [planOf(1), planOf(2)];
  const rate = async (file: string, workers: number): Promise<number> => await imagesPerSecond((await ours({ plan: file }, runs, ['--workers', String(workers), '--threads', '1'])).folder, 'member-1');
  const pairs = await inTurn(rounds, [async () => await rate(two, 2), async () => await rate(one, 1)]);
  reportRatio(`${what}: images a second of a member with another beside it / alone, 1 thread each`, pairs.map(([beside, alone]) => beside / alone), { atLeast: 0.85 });
}
