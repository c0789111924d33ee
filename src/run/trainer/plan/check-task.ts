/** The task `check-plan`: what would refuse a run of a plan, or make it doubtful, all at once. */
import path from 'node:path';
import * as v from 'valibot';
import type { DataProblem } from '../../../protocol/data-report.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { parseJson } from '../../../protocol/parse.ts';
import type { PlanCheck, PlanFinding } from '../../../protocol/plan-check.ts';
import type { Plan } from '../../../protocol/plan.ts';
import { readPlan } from '../create-run.ts';
import type { ReadOptions } from '../data/plan-data.ts';
import { checkRoomForRun } from '../disk-needs.ts';
import { existing, planFacts } from './plan-facts.ts';
import { fieldOf } from './plan-field.ts';
import { planRules, preparePlan, type PreparedPlan } from './prepare-plan.ts';

/** A run that takes more of what is free is told of. */
const MUCH_OF_DISK = 0.5;

export const PlanRequestSchema = v.strictObject({
  /** Where a run would go; the plan's own folder without it. */
  runsFolder: v.optional(v.string()),
  /** In place of the plan's. */
  backend: v.optional(v.picklist(['tensorflow', 'webgpu', 'wasm', 'cpu'])),
});

/** @throws StarsseError cancelled, usage; whatever is wrong with the plan is a finding */
export async function checkPlanTask(planFile: string, request: string, context: ReadOptions): Promise<PlanCheck> {
  const { runsFolder, backend } = parseJson(PlanRequestSchema, request, 'check-plan', 'usage');
  const planPath = path.resolve(planFile);
  let plan: Plan;
  try {
    plan = await readPlan(planPath, { backend });
  } catch (error) {
    return { findings: [finding(error, [])], facts: null };
  }
  let prepared: PreparedPlan;
  try {
    prepared = await preparePlan(plan, planPath, plan.compute.threads ?? 1, context);
  } catch (error) {
    context.signal?.throwIfAborted();
    const cause = StarsseError.from(error);
    return { findings: [finding(cause, fieldOf(cause, plan, planPath))], facts: null };
  }
  const folder = path.resolve(runsFolder ?? path.dirname(planPath));
  const facts = await planFacts(prepared, folder);
  const findings = prepared.data.problems.map(doubtful);
  for (const { path: keys, check } of planRules(prepared)) {
    await collect(findings, check, (error) => (error.message.startsWith(keys.join('.')) ? fieldOf(error, plan, planPath) : keys));
  }
  await collect(findings, async () => await checkRoomForRun(existing(folder), { plan, members: prepared.members, workers: facts.workers }, prepared.network, prepared.data), () => []);
  const full = findings.some(({ code }) => code === 'disk');
  if (!full && facts.freeBytes !== null && facts.runBytes > MUCH_OF_DISK * facts.freeBytes) findings.push(muchDisk(facts.runBytes, facts.freeBytes, prepared.members.length));
  return { findings, facts };
}

async function collect(findings: PlanFinding[], check: () => void | Promise<void>, keysOf: (error: StarsseError) => (string | number)[]): Promise<void> {
  try {
    await check();
  } catch (error) {
    const cause = StarsseError.from(error);
    findings.push(finding(cause, keysOf(cause)));
  }
}

function finding(thrown: unknown, keys: (string | number)[]): PlanFinding {
  const { code, message, hint } = StarsseError.from(thrown);
  return { severity: 'error', code, path: keys, message, ...(hint === undefined ? {} : { hint }) };
}

function doubtful({ message, count, examples }: DataProblem): PlanFinding {
  const named = examples.length === 0 ? '' : ` (${examples.slice(0, 3).join(', ')}${count > 3 ? ', ...' : ''})`;
  return { severity: 'warning', code: 'data-invalid', path: ['data'], message: `${message}${named}` };
}

function muchDisk(needed: number, free: number, members: number): PlanFinding {
  const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
  return { severity: 'warning', code: 'disk', path: [], message: `The run of ${members} members takes up to ${megabytes(needed)} MB of the ${megabytes(free)} MB that are free` };
}
