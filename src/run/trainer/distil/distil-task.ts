/** The task `distil`: an ensemble in one network, which becomes a snapshot and a row beside the soups, at their cost. */
import { rm } from 'node:fs/promises';
import * as v from 'valibot';
import { ensemble } from '../../../core/ensemble.ts';
import { accuracy, mean, predictedClasses, type Predictions } from '../../../core/metrics.ts';
import { disposeState } from '../../../core/state.ts';
import { weightsToData } from '../../../core/weights.ts';
import { ENSEMBLE_MEANS } from '../../../protocol/ensemble-report.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { parseJson } from '../../../protocol/parse.ts';
import type { Run } from '../../../protocol/run.ts';
import { runFiles } from '../../folder.ts';
import type { Distilled } from '../../task-lines.ts';
import { viewSoups } from '../../view.ts';
import { keyOf, subjectOf, underLock } from '../basin/analysis.ts';
import { change, chosenMembers, ensemblesInTable, MemberNames, numberOf, writeTable, type TaskContext } from '../combine.ts';
import { fullName, readMembers, type CandidateMember } from '../ensembles/candidates.ts';
import { readEnsemble, ruleOf, type StoredEnsemble } from '../ensembles/stored.ts';
import { readPredictions, writePredictions, writeSnapshot } from '../snapshot.ts';
import { trainStudent, type Student, type StudentOrder } from './student.ts';

const Request = v.strictObject({
  /** An ensemble of the table or of a report; without it the members. */
  ensemble: v.optional(v.string()),
  members: MemberNames,
  mean: v.optional(v.picklist(ENSEMBLE_MEANS), 'probability'),
  /** By default as many as member 1 trained. */
  epochs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});
type Request = v.InferOutput<typeof Request>;

/**
 * The student is the run's network, from where member 1 started, by the plan's recipe; its targets are the ensemble's probabilities.
 * A distillation that was cancelled goes on when the same is asked for again.
 * @throws StarsseError usage, mismatch, file-missing, file-invalid, backend-missing, data-missing, diverged, run-busy, cancelled
 */
export async function distilTask(folder: string, request: string, context: TaskContext): Promise<Distilled> {
  const asked = parseJson(Request, request, 'distil', 'usage');
  const subject = await subjectOf(folder);
  const { run, model } = subject;
  const teacher = await teacherOf(folder, run, asked);
  const members = await readMembers(folder, teacher.members);
  const epochs = asked.epochs ?? run.members[0].epochs;
  const what = `${teacher.mean} mean of ${teacher.members.map((member) => `${fullName(member)} ${member.weight}`).join(', ')}; ${epochs} epochs`;
  const name = `distil-${keyOf(what)}`;
  return await underLock(subject, name, async () => {
    const order: StudentOrder = { folder, run, model, teacher, epochs, what, resumeFile: runFiles.analysisResume(folder, name) };
    const student = await trainStudent(order, context);
    try {
      const answer = await change(folder, async () => await keep(folder, run, teacher, members, student, context));
      await rm(order.resumeFile, { force: true });
      return { ...answer, epochs };
    } finally {
      disposeState(student.state);
    }
  });
}

/** @throws StarsseError usage for an ensemble that is not there */
async function teacherOf(folder: string, run: Run, { ensemble: named, members, mean: of }: Request): Promise<StoredEnsemble> {
  if (named !== undefined) {
    const found = await readEnsemble(folder, named);
    if (found !== null && members === undefined) return found;
    throw new StarsseError('usage', found === null ? `The run ${run.id} has no ensemble "${named}"` : 'An ensemble and members are both named', { hint: 'Name an ensemble of the table, or members.' });
  }
  const names = await chosenMembers(folder, run, members);
  return { name: 'ensemble', mean: of, members: names.map((name) => ({ run: run.id, folder: null, name, weight: 1 / names.length })) };
}

/** Predictions, then the snapshot, then the table. */
async function keep(folder: string, run: Run, teacher: StoredEnsemble, members: readonly CandidateMember[], { state, network, validation, test }: Student, context: TaskContext): Promise<Omit<Distilled, 'epochs'>> {
  const numbers = (await viewSoups(folder)).filter(({ rule }) => rule === 'distilled').map((soup) => numberOf(soup.name));
  const name = `distilled-${1 + Math.max(0, ...numbers)}`;
  await writePredictions(folder, run, name, 'validation', validation);
  await writePredictions(folder, run, name, 'test', test);
  const parents = teacher.members.map(fullName);
  await writeSnapshot(folder, run, await weightsToData(network, state.weights), { name, parents, rule: 'distilled', metrics: { validationAccuracy: accuracy(validation) } });
  const table = await writeTable(folder, run, await ensemblesInTable(folder), context);
  const set = test.labels.length > 0 ? 'test' : 'validation';
  const made = ensemble(members.map((member) => member[set]), ruleOf(teacher.mean), teacher.members.map(({ weight }) => weight));
  return { table, added: name, agreement: agreement(made, await readPredictions(folder, name, set)) };
}

/** Share of the images that both class alike. */
function agreement(one: Predictions, other: Predictions): number {
  const classes = predictedClasses(other);
  return mean(Array.from(predictedClasses(one), (label, row) => (label === classes[row] ? 1 : 0)));
}
