/** Which sets the data come with, and which are drawn: a plan has to say so without contradiction. */
import { StarsseError } from '../../../protocol/errors.ts';
import type { PlanData } from '../../../protocol/plan-data.ts';

/** Whether the data come with a set. */
export interface Given {
  validation: boolean;
  test: boolean;
}

/** What the plan itself says; of a list only its rows tell. */
export function givenByPlan(data: Exclude<PlanData, { kind: 'manifest' }>): Given {
  return { validation: 'validation' in data && data.validation !== null, test: data.test !== null };
}

/** @throws StarsseError plan-invalid saying what to set */
export function checkGiven({ kind, split }: PlanData, given: Given): void {
  const how = (set: 'validation' | 'test', field: string): string =>
    kind === 'manifest' ? `Give rows with "${set}" in the field split` : (kind === 'cifar-10' || kind === 'cifar-100') && set === 'validation' ? '' : `Set ${field}`;
  if (split === null) {
    if (!given.validation) throw contradiction('There is no validation set to choose by', [how('validation', 'data.validation'), 'set data.split, for example { "validation": 0.1 }']);
    if (!given.test) throw contradiction('There is no test set to measure on', [how('test', 'data.test'), 'set data.split with "test", for example { "validation": 0.1, "test": 0.2 }']);
    return;
  }
  if (given.validation) throw contradiction('The data come with a validation set, and data.split draws one too', [kind === 'manifest' ? 'Set data.split to null' : 'Remove data.validation or data.split']);
  if (given.test && split.test !== null) throw contradiction('The data come with a test set, and data.split.test draws one too', [kind === 'manifest' ? 'Set data.split.test to null' : 'Remove data.test or data.split.test']);
  if (!given.test && split.test === null) throw contradiction('There is no test set to measure on', [how('test', 'data.test'), 'set data.split.test, for example 0.2']);
}

function contradiction(message: string, ways: string[]): StarsseError {
  const hint = ways.filter((way) => way !== '').join(', or ');
  return new StarsseError('plan-invalid', message, { hint: `${hint[0].toUpperCase()}${hint.slice(1)}.` });
}
