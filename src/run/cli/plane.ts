/** `starsse plane <run> <a> <b> <c>`: loss and error on a plane through three networks, along random directions, or on a simplex. */
import { Option, type Command } from 'commander';
import type { Measured, MeasuredSet } from '../../protocol/basin.ts';
import { StarsseError } from '../../protocol/errors.ts';
import type { Surface, SurfacePoint } from '../../protocol/plane.ts';
import { runFiles } from '../folder.ts';
import { columns } from './columns.ts';
import { findRun } from './find-run.ts';
import { measuringLine, networkName, notNegative, setsOption, withMeasuring, type MeasuringOptions } from './measuring-options.ts';
import { count } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends MeasuringOptions {
  random?: string;
  simplex?: boolean;
  size?: number;
  margin?: number;
  span?: number;
  seed?: number;
  set?: string[];
}

export function addPlane(program: Command, end: (code: number) => void): void {
  const command = program
    .command('plane <run> [networks...]')
    .description('measure loss and error on the plane through three members or soups ("pretrained" is one, too); cancelled, the same command goes on')
    .addOption(new Option('--random <name>', 'along two filter-normalised random directions from this network').argParser(networkName))
    .option('--simplex', 'the averages of the three instead of their plane')
    .addOption(new Option('--size <n>', 'points a side: 3, 5, 9, 17, 33 or 65 (default: 17); of a simplex the steps of a side, 2, 4, 8, 16 or 32 (default: 8)').argParser(count))
    .addOption(new Option('--margin <share>', 'how far the plane goes beyond the three, as a share of their extent (default: 0.3)').argParser(notNegative))
    .addOption(new Option('--span <factor>', "how far the random directions go, 1 is the length of the network's own filters (default: 1)").argParser(notNegative))
    .addOption(new Option('--seed <n>', 'of the random directions').argParser(notNegative))
    .addOption(setsOption());
  withMeasuring(command, 1000).action(async (named: string, networks: string[], { random, simplex = false, size, margin, span, seed, set, images, averageStatistics = false, runs, node, json = false }: Options) => {
    if (random !== undefined && (simplex || networks.length > 0)) throw new StarsseError('usage', '--random takes one network and nothing else', { hint: 'Name three networks, or --random <name>.' });
    const kind: Surface['kind'] = random !== undefined ? 'random' : simplex ? 'simplex' : 'plane';
    const folder = await findRun(named, runs);
    const request = { kind, networks: random === undefined ? networks.map(networkName) : [random], size, reach: kind === 'random' ? span : margin, seed, sets: set, images, reestimate: !averageStatistics };
    const surface = await runTaskFromTerminal('plane', [folder, JSON.stringify(request)], { json, node });
    if (json) printJson(surface);
    else printLines([...surfaceLines(surface), `Points and contours: ${runFiles.analysis(folder, `plane-${surface.key}`)}`]);
    end(DONE);
  });
}

/** Where loss and error are lowest and highest, and where the networks lie. */
export function surfaceLines({ kind, networks, points, measuring, places, columns: xs, rows: ys, headOf }: Surface): string[] {
  const at = ({ column, row }: SurfacePoint): string =>
    kind === 'simplex' ? [1 - xs[column] - ys[row], xs[column], ys[row]].map((share) => share.toFixed(3)).join(' ') : `${xs[column].toFixed(3)}, ${ys[row].toFixed(3)}`;
  const extremes = measuring.sets.flatMap((set) => (['loss', 'error'] as const).map((figure) => extremesOf(points, set, figure, at)));
  const words = { plane: `The plane through ${networks.join(', ')}`, random: `Random directions from ${networks[0]}`, simplex: `Averages of ${networks.join(', ')}` };
  return [
    `${words[kind]}: ${points.length} points`,
    '',
    ...columns([['', 'lowest', 'at', 'highest', 'at'], ...extremes], 'lrlrl'),
    '',
    ...places.map(({ network, x, y }) => `${network} lies at ${x.toFixed(3)}, ${y.toFixed(3)}`),
    ...(headOf === null ? [] : [`pretrained has the head of ${headOf}.`]),
    measuringLine(measuring),
  ];
}

function extremesOf(points: readonly SurfacePoint[], set: MeasuredSet, figure: keyof Measured, at: (point: SurfacePoint) => string): string[] {
  const valueOf = ({ sets }: SurfacePoint): number => sets[set]![figure] ?? Infinity;
  const order = points.toSorted((a, b) => valueOf(a) - valueOf(b));
  const [low, high] = [order[0], order[order.length - 1]];
  const text = (value: number): string => (value === Infinity ? 'infinite' : figure === 'loss' ? value.toFixed(4) : `${(100 * value).toFixed(2)} %`);
  return [`${figure} ${set}`, text(valueOf(low)), at(low), text(valueOf(high)), at(high)];
}
