/** `starsse basin <run>`: are the networks of a run in one basin? */
import { Option, type Command } from 'commander';
import { DEFAULT_THRESHOLD, type Basin, type Curve, type Line, type MeasuredSet } from '../../protocol/basin.ts';
import { columns } from './columns.ts';
import { findRun } from './find-run.ts';
import { measuringLine, networkName, networkNames, notNegative, setsOption, withMeasuring, type MeasuringOptions } from './measuring-options.ts';
import { count } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends MeasuringOptions {
  members?: string[];
  reference?: string;
  points: number;
  threshold: number;
  lossThreshold: number;
  set?: string[];
}

export function addBasin(program: Command, end: (code: number) => void): void {
  const command = program
    .command('basin <run>')
    .description('measure the barriers between networks of a run, and how far they lie apart: are they in one basin?')
    .addOption(new Option('--members <names...>', 'members by name or number, soups, "pretrained" (default: all members and the pre-trained network)').argParser(networkNames))
    .addOption(new Option('--reference <name>', 'whose basin is meant (default: the first)').argParser(networkName))
    .addOption(new Option('--points <n>', 'points of each line, both ends included').argParser(count).default(11))
    .addOption(new Option('--threshold <points>', 'the highest error barrier, in percentage points, of one basin').argParser(notNegative).default(100 * DEFAULT_THRESHOLD.error))
    .addOption(new Option('--loss-threshold <nats>', 'the highest loss barrier of one basin').argParser(notNegative).default(DEFAULT_THRESHOLD.loss))
    .addOption(setsOption());
  withMeasuring(command, 1000).action(async (named: string, { members, reference, points, threshold, lossThreshold, set, images, averageStatistics = false, runs, node, json = false }: Options) => {
    const folder = await findRun(named, runs);
    const request = { networks: members, reference, points, threshold: { error: threshold / 100, loss: lossThreshold }, sets: set, images, reestimate: !averageStatistics };
    const basin = await runTaskFromTerminal('basin', [folder, JSON.stringify(request)], { json, node });
    if (json) printJson(basin);
    else printLines(basinLines(basin));
    end(DONE);
  });
}

/** The reference's lines and verdicts, then the matrix of each set, then distances. */
export function basinLines(basin: Basin): string[] {
  const { reference, networks, measuring, lines, threshold, pretrained, geometry, points } = basin;
  const { sets } = measuring;
  const verdicts = new Map(basin.verdicts.map(({ network, verdict }) => [network, verdict]));
  const own = lines.filter(({ a }) => a === reference);
  const heading = ['', 'verdict', ...sets.flatMap((set) => [`loss ${set}`, `error ${set}`]), 'distance', 'relative', 'cosine'];
  const body = geometry.parts.find(({ part }) => part === 'backbone');
  const whole = geometry.parts.find(({ part }) => part === 'whole')!;
  const rows = own.map((line) => {
    const place = networks.indexOf(line.b);
    const part = whole.distance[0][place] === null ? body : whole;
    const of = (matrix: (number | null)[][] | undefined, digits: number): string => matrix?.[0][place]?.toFixed(digits) ?? '';
    return [line.b, verdicts.get(line.b) ?? '', ...sets.flatMap((set) => heights(line.sets[set]!)), of(part?.distance, 3), of(part?.relative, 4), of(part?.cosine, 4)];
  });
  return [
    `Barriers to ${reference} (loss in nats, error in percentage points, ${points} points a line):`,
    ...columns([heading, ...rows], `ll${'r'.repeat(heading.length - 2)}`),
    ...(networks.length < 3 ? [] : sets.flatMap((set) => ['', `Error barriers on ${set} images:`, ...matrixOf(networks, lines, set)])),
    '',
    `inside: no barrier above ${inPoints(threshold.error)} points of error or ${threshold.loss} nats of loss on any set; border: up to twice that; outside: more. --threshold and --loss-threshold change this; points are not measured again.`,
    ...(pretrained === null ? [] : [pretrainedLine(pretrained)]),
    ...geometry.components.slice(0, 1).map(({ explained }) => `Principal components of the weights explain ${explained.slice(0, 3).map((share) => `${(100 * share).toFixed(1)} %`).join(', ')} of the variance.`),
    measuringLine(measuring),
  ];
}

/** Percentage points of a share. */
function inPoints(share: number): string {
  return (100 * share).toFixed(2);
}

function heights({ lossBarrier, errorBarrier }: Curve): string[] {
  return [lossBarrier === null ? 'infinite' : lossBarrier.toFixed(4), inPoints(errorBarrier)];
}

function matrixOf(networks: readonly string[], lines: readonly Line[], set: MeasuredSet): string[] {
  const cell = (a: string, b: string): string => {
    const line = lines.find((each) => (each.a === a && each.b === b) || (each.a === b && each.b === a));
    return line === undefined ? '' : inPoints(line.sets[set]!.errorBarrier);
  };
  return columns([['', ...networks], ...networks.map((a) => [a, ...networks.map((b) => cell(a, b))])], `l${'r'.repeat(networks.length)}`);
}

function pretrainedLine({ what, head }: NonNullable<Basin['pretrained']>): string {
  return head === 'own'
    ? `pretrained is ${what}.`
    : `pretrained is the body of ${what}; on a line it has the head of the other end, since its own is of another task, and its distances are without the head.`;
}
