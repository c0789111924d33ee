import path from 'node:path';
import type { PlanTask } from '../../protocol/plan-task.ts';

/** Of package.json: what `starsse` says of a file. */
export const PROBLEM_MATCHER = '$starsse';

/**
 * Arguments of the command line: the run lies where Start Run would put it, unless the task says otherwise.
 * @param base what a relative plan is relative to
 */
export function runArguments({ plan, args }: Pick<PlanTask, 'plan' | 'args'>, base: string, runsFolder: (plan: string) => string): string[] {
  const file = path.resolve(base, plan);
  const runs = args.some((arg) => arg === '--runs' || arg.startsWith('--runs=')) ? [] : ['--runs', runsFolder(file)];
  return ['run', file, ...runs, ...args];
}
