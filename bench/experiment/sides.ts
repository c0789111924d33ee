/** The two sides of an experiment, each a command from its start to its end: `starsse run`, and the script in PyTorch. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ResultTable } from '../../src/protocol/results.ts';
import { runFiles } from '../../src/run/folder.ts';
import { RowReader } from '../../src/run/rows.ts';
import type { Experiment } from './plans.ts';

const CLI = path.join(import.meta.dirname, '../../dist/cli.js');
const SCRIPT = path.join(import.meta.dirname, '../pytorch/experiment.py');

/** Accuracies on test images. */
export interface Outcome {
  seconds: number;
  meanMember: number;
  soup: number;
  ensemble: number;
}

export interface OurOutcome extends Outcome {
  /** From the command to the first row of a step; null where nobody looked in time. */
  firstStepSeconds: number | null;
  folder: string;
}

/** @param args further ones of `starsse run` */
export async function ours({ plan }: Pick<Experiment, 'plan'>, runs: string, args: readonly string[] = []): Promise<OurOutcome> {
  const before = new Set(await readdir(runs).catch(() => []));
  const startMs = performance.now();
  const child = spawn(process.execPath, [CLI, 'run', plan, '--runs', runs, '--json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let firstStepSeconds: number | null = null;
  while (firstStepSeconds === null && child.exitCode === null) {
    await wait(20);
    const id = (await readdir(runs).catch(() => [])).find((name) => !before.has(name) && !name.startsWith('.'));
    if (id === undefined) continue;
    const { rows } = await new RowReader(runFiles.rows(path.join(runs, id), 'member-1')).read();
    if (rows.some(({ kind }) => kind === 'step')) firstStepSeconds = (performance.now() - startMs) / 1000;
  }
  const code = await ended;
  const seconds = (performance.now() - startMs) / 1000;
  if (code !== 0) throw new Error(`starsse run ended with ${String(code)}: ${stdout}`);
  const { folder, table } = JSON.parse(stdout) as { folder: string; table: ResultTable };
  const accuracy = (kind: string): number => table.rows.find((row) => row.kind === kind)?.accuracy ?? NaN;
  return { seconds, firstStepSeconds, folder, meanMember: accuracy('mean-member'), soup: accuracy('soup'), ensemble: accuracy('ensemble') };
}

/** How the script in PyTorch is fastest here. */
export interface BestWay {
  threads: number;
  input: string;
}

export function pytorch(python: string, { recipe }: Experiment, { threads, input }: BestWay): Outcome {
  const startMs = performance.now();
  const answer = script(python, [recipe, String(threads), input]) as { members: { accuracy: number }[]; soup: { accuracy: number }; ensemble: { accuracy: number } };
  const seconds = (performance.now() - startMs) / 1000;
  const meanMember = answer.members.reduce((sum, { accuracy }) => sum + accuracy, 0) / answer.members.length;
  return { seconds, meanMember, soup: answer.soup.accuracy, ensemble: answer.ensemble.accuracy };
}

/** Tries every number of threads with images in memory, then the loader with no, one and two workers, each twice; the fastest counts. */
export function bestWay(python: string, { recipe }: Experiment, epochs: number): { best: BestWay; tried: { way: BestWay; seconds: number }[] } {
  const ways: BestWay[] = Array.from({ length: availableParallelism() }, (_, index) => ({ threads: index + 1, input: 'memory' }));
  ways.push(...[0, 1, 2].map((workers) => ({ threads: availableParallelism(), input: `loader-${workers}` })));
  const tried = ways.map((way) => ({ way, seconds: Infinity }));
  for (let round = 0; round < 2; round++) {
    for (const each of tried) {
      const { seconds } = script(python, [recipe, String(each.way.threads), each.way.input, '--try', String(epochs)]) as { seconds: number };
      each.seconds = Math.min(each.seconds, seconds);
    }
  }
  return { best: tried.reduce((best, each) => (each.seconds < best.seconds ? each : best)).way, tried };
}

function script(python: string, args: string[]): unknown {
  const { status, stdout, stderr } = spawnSync(python, ['-W', 'ignore', SCRIPT, ...args], { encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  if (status !== 0) throw new Error(`experiment.py: ${stderr}`);
  return JSON.parse(stdout);
}

/** Median images a second of a member's epochs but the first. */
export async function imagesPerSecond(folder: string, member: string): Promise<number> {
  const file = runFiles.rows(folder, member);
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  const rates: number[] = [];
  const reader = new RowReader(file);
  for (let more = true; more; ) {
    const batch = await reader.read();
    more = batch.more;
    rates.push(...batch.rows.flatMap((row) => (row.kind === 'epoch' && row.epoch > 0 ? [row.imagesPerSecond] : [])));
  }
  return rates.sort((a, b) => a - b)[rates.length >> 1];
}
