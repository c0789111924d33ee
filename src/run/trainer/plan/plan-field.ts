/** Which field of a plan an error is about. Messages about one field begin with its path: `memberSeeds: 3 seeds for 5 members`. */
import path from 'node:path';
import type { StarsseError } from '../../../protocol/errors.ts';
import { filesNamedBy } from '../../../protocol/named-files.ts';
import { PlanSchema, type Plan } from '../../../protocol/plan.ts';

const TOP = Object.keys(PlanSchema.entries);

/** @returns keys from the top of the plan; none when it is about the whole */
export function fieldOf({ code, message }: Pick<StarsseError, 'code' | 'message'>, plan: Plan, planPath: string): (string | number)[] {
  const keys = /^[a-zA-Z]\w*(\.\w+)*/.exec(message)?.[0].split('.') ?? [];
  if (TOP.includes(keys[0])) return keys;
  const file = filesNamedBy(plan).find((named) => message.includes(path.resolve(path.dirname(planPath), named.file)));
  if (file !== undefined) return file.keys;
  switch (code) {
    case 'clones':
      return ['memberSeeds'];
    case 'mismatch':
      return ['model', 'checkpoint'];
    case 'data-invalid':
    case 'data-missing':
      return ['data'];
    case 'backend-missing':
    case 'backend-failed':
      return ['compute', 'backend'];
    default:
      return [];
  }
}
