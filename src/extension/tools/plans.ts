/** Plans that a language model proposes. */
import path from 'node:path';
import { StarsseError } from '../../protocol/errors.ts';
import { PlanSchema, type Plan } from '../../protocol/plan.ts';
import { epochsOf } from '../../protocol/schedule.ts';
import { membersOf } from '../../protocol/methods.ts';
import { planProblems } from '../plan/planProblems.ts';
import { parse } from '../../protocol/parse.ts';

export interface Proposal {
  /** What keeps the plan from being run; empty when nothing does. */
  problems: { field: string; message: string }[];
  /** What it would train; null while there are problems of its fields. */
  summary: { name: string; method: string; members: { name: string; startsFrom: string; epochs: number; learningRate: number }[]; epochsInAll: number } | null;
}

/** Checks a plan as a trainer will. @param folder what its paths are relative to */
export async function checkProposal(plan: unknown, folder: string): Promise<Proposal> {
  const found = await planProblems(JSON.stringify(plan), folder);
  const problems = found.map(({ kind, field, message }) => ({ field, message: kind === 'missing-file' ? `${message} does not exist` : message }));
  const isWhole = found.every(({ kind }) => kind === 'missing-file');
  return { problems, summary: isWhole ? summaryOf(parse(PlanSchema, plan, 'plan', 'plan-invalid')) : null };
}

function summaryOf(plan: Plan): Proposal['summary'] {
  const members = membersOf(plan).map((member) => ({ name: member.name, startsFrom: member.startsFrom, epochs: epochsOf(member), learningRate: member.learningRate }));
  return { name: plan.name, method: plan.method.kind, members, epochsInAll: members.reduce((sum, { epochs }) => sum + epochs, 0) };
}

/** Where a proposal is saved: a plan file directly in the workspace folder. @throws StarsseError usage for any other name */
export function proposalFile(workspaceFolder: string, fileName: string): string {
  if (/^[\w.-]+$/u.test(fileName) && !fileName.startsWith('.')) return path.join(workspaceFolder, fileName.endsWith('.starsse.json') ? fileName : `${fileName.replace(/\.json$/, '')}.starsse.json`);
  throw new StarsseError('usage', `"${fileName}" cannot be the name of a plan file`, { hint: 'Letters, digits, "-", "_" and "." only.' });
}
