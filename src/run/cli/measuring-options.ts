/** Flags that `basin`, `plane` and `sharpness` share: which images points are measured on. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { MEASURED_SETS, type Measuring } from '../../protocol/basin.ts';
import { count, jsonOption, nodeOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';

export interface MeasuringOptions extends RunsFolderOptions, JsonOptions {
  images: number | null;
  /** False after --average-statistics. */
  averageStatistics?: boolean;
  node?: string;
}

/** Adds what all three have. */
export function withMeasuring(command: Command, images: number): Command {
  return command
    .addOption(new Option('--images <n>', 'how many images of each set, a fixed random choice; "all" for all').argParser(countOrAll).default(images, String(images)))
    .option('--average-statistics', 'average batch-norm statistics instead of estimating them anew at every point')
    .addOption(runsOption())
    .addOption(nodeOption())
    .addOption(jsonOption());
}

export function setsOption(): Option {
  return new Option('--set <sets...>', 'on which sets of images (default: train test)').choices(MEASURED_SETS);
}

/** Networks by name; members also by number. */
export function networkName(text: string): string {
  return /^[1-9]\d*$/.test(text) ? `member-${text}` : text;
}

/** Networks separated by blanks or commas. */
export function networkNames(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...value.split(',').filter((part) => part !== '').map(networkName)];
}

export function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && Number.isFinite(value))) throw new InvalidArgumentError('It has to be a number from 0.');
  return value;
}

function countOrAll(text: string): number | null {
  return text === 'all' ? null : count(text);
}

/** How the figures were measured, a line. */
export function measuringLine({ sets, images, statisticsImages }: Measuring): string {
  const seen = sets.map((set) => `${images[set]} ${set} images`).join(' and ');
  return `Measured on ${seen}${statisticsImages === null ? '' : `, batch-norm statistics estimated from ${statisticsImages} training images at every point`}.`;
}
