/** What a prepared plan amounts to on this machine. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { stepsPerEpoch } from '../../../core/batches.ts';
import { parametersOf, product } from '../../../core/network.ts';
import type { PlanFacts } from '../../../protocol/plan-check.ts';
import { freeIn } from '../../disk-space.ts';
import { shareOfMachine } from '../create-run.ts';
import { runBytes, snapshotBytes } from '../disk-needs.ts';
import type { PreparedPlan } from './prepare-plan.ts';

/** @param runsFolder where the run would go; it need not be there yet */
export async function planFacts(prepared: PreparedPlan, runsFolder: string): Promise<PlanFacts> {
  const { plan, members, data, device, network } = prepared;
  const { workers, threads, threadsAlone } = await shareOfMachine(prepared);
  const free = await freeIn(existing(runsFolder));
  return {
    images: { train: data.train.labels.length, validation: data.validation.labels.length, test: data.test.labels.length },
    classes: data.classes.length,
    stepsPerEpoch: stepsPerEpoch(data.train.labels.length, plan.training.batchSize),
    network: { name: network.name, parameters: parametersOf(network).reduce((sum, { role, diskShape }) => sum + (role === 'trained' ? product(diskShape) : 0), 0) },
    snapshotBytes: snapshotBytes(network),
    runBytes: runBytes({ members, workers, plan }, network, data),
    freeBytes: Number.isFinite(free) ? free : null,
    device,
    workers,
    threads,
    threadsAlone,
  };
}

/** The folder, or the nearest above it that is there. */
export function existing(folder: string): string {
  const above = path.dirname(folder);
  return existsSync(folder) || above === folder ? folder : existing(above);
}
