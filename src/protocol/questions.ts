/** What a view asks and its host answers: each question has an id of the view and gets exactly one answer, a refusal included. */
import type { ErrorJson } from './errors.ts';
import type { TaskStep } from './task-steps.ts';

/** A question on its way to its answer. `fraction` is 0..1, or null while it cannot be told. */
export interface OpenQuestion<Question> {
  id: number;
  question: Question;
  fraction: number | null;
  message: string;
  /** What was found so far, where there is more to tell than how far it is. */
  steps?: TaskStep[];
}

export interface ProgressMessage {
  type: 'progress';
  id: number;
  fraction: number | null;
  message: string;
  step?: TaskStep;
}

/** One of `result` and `error` is null. */
export interface AnswerMessage<Answer> {
  type: 'answer';
  id: number;
  result: Answer | null;
  error: ErrorJson | null;
}
