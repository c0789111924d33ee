/** Values of flags, checked. */
import { InvalidArgumentError, Option } from 'commander';
import { ComputeSchema } from '../../protocol/plan.ts';

export interface RunsFolderOptions {
  runs?: string;
}
export interface JsonOptions {
  json?: boolean;
}

export function runsOption(): Option {
  return new Option('--runs <folder>', 'the runs folder (default: .starsse/runs in the current folder)');
}

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON object and nothing else');
}

export function nodeOption(): Option {
  return new Option('--node <path>', 'the Node that trains (default: this one)');
}

export function backendOption(): Option {
  return new Option('--backend <name>', 'auto = CUDA, WebGPU on a real GPU, native CPU, WASM').choices(ComputeSchema.entries.backend.wrapped.pipe[0].options);
}

/** Members by name or number, separated by blanks or commas: `1 2 member-5`. */
export function membersOption(): Option {
  return new Option('--members <members...>', 'which members, by name or number (default: all)').argParser(
    (value: string, before: string[] | undefined) => [...(before ?? []), ...value.split(',').filter((part) => part !== '').map(memberName)],
  );
}

export function memberName(text: string): string {
  const number = /^(?:member-)?([1-9]\d*)$/.exec(text)?.[1];
  if (number === undefined) throw new InvalidArgumentError(`"${text}" is no member. Members are called member-1, member-2, ... or 1, 2, ...`);
  return `member-${number}`;
}

/** A ratio by which a learning rate is lowered. */
export function ratio(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 1)) throw new InvalidArgumentError('It has to be a number above 0, at most 1.');
  return value;
}

export function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number from 1.');
  return Number(text);
}
