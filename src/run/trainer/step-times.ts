/**
 * Step times that were measured on this machine: <cache>/step-times/<key>.json, newest last. The key stands for whatever a time
 * depends on but trainers side by side and threads of each: processor, back end, network, batch.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { cacheFolder } from '../../backends/cache-folder.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import { parseJson } from '../../protocol/parse.ts';
import type { Device } from '../../protocol/run.ts';
import type { StepTime } from '../../protocol/shares.ts';
import { VERSION } from '../../protocol/version.ts';
import { replaceJson } from '../write.ts';

/** So many of a kind are kept; their median counts. */
const KEPT = 9;

const TimesSchema = v.array(v.object({ workers: v.number(), threads: v.number(), ms: v.number() }));

export interface StepKind {
  backend: Device['backend'];
  network: NetworkSpec;
  batchSize: number;
}

/** One median for each share that was ever measured; none when nothing can be read. */
export async function measuredStepTimes(kind: StepKind): Promise<StepTime[]> {
  const groups = new Map<string, StepTime[]>();
  for (const time of await read(fileOf(kind))) {
    const share = `${time.workers} x ${time.threads}`;
    groups.set(share, [...(groups.get(share) ?? []), time]);
  }
  return Array.from(groups.values(), (times) => ({ ...times[0], ms: median(times.map(({ ms }) => ms)) }));
}

/** Adds one; a cache that cannot be written is no reason to fail. */
export async function keepStepTime(kind: StepKind, time: StepTime): Promise<void> {
  const file = fileOf(kind);
  const all = [...(await read(file)), time];
  const same = all.filter(({ workers, threads }) => workers === time.workers && threads === time.threads);
  const old = new Set(same.slice(0, -KEPT));
  await mkdir(path.dirname(file), { recursive: true })
    .then(async () => await replaceJson(file, all.filter((each) => !old.has(each))))
    .catch((error: unknown) => console.log(`The time of a step was not kept: ${String(error)}`));
}

async function read(file: string): Promise<StepTime[]> {
  try {
    return parseJson(TimesSchema, await readFile(file, 'utf8'), file);
  } catch {
    return [];
  }
}

function fileOf({ backend, network, batchSize }: StepKind): string {
  const { layers, inputShape, classes } = network;
  const what = JSON.stringify([VERSION, cpus()[0]?.model, availableParallelism(), backend, layers, inputShape, classes, batchSize]);
  return path.join(cacheFolder(), 'step-times', `${createHash('sha256').update(what).digest('hex').slice(0, 16)}.json`);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
