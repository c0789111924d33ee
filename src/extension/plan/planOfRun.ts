/** The plan of a run for a file elsewhere: its paths are made relative to the new one. */
import path from 'node:path';
import { filesNamedBy } from '../../protocol/named-files.ts';
import type { Plan } from '../../protocol/plan.ts';
import type { Run } from '../../protocol/run.ts';
import { relativeTo } from './relativeTo.ts';

/** @param folder of the new plan, absolute. Back end, trainers and threads are left to the machine, where the run had them resolved. */
export function planOfRun({ plan, planPath }: Pick<Run, 'plan' | 'planPath'>, folder: string, name: string): Plan {
  const moved = structuredClone<Plan>({ ...plan, name, compute: { ...plan.compute, backend: 'auto', workers: null, threads: null } });
  delete moved.$schema;
  for (const { keys, file } of filesNamedBy(plan)) {
    set(moved, keys, relativeTo(folder, path.resolve(path.dirname(planPath), file)));
  }
  return moved;
}

function set(root: object, keys: (string | number)[], value: string): void {
  let at = root as Record<string | number, unknown>;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[keys[keys.length - 1]] = value;
}
