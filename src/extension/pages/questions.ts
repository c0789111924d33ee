import { StarsseError, type ErrorJson } from '../../protocol/errors.ts';
import type { TaskStep } from '../../protocol/task-steps.ts';
import type { AnswerMessage, OpenQuestion, ProgressMessage } from '../../protocol/questions.ts';

export interface QuestionContext {
  signal: AbortSignal;
  /** @param fraction 0..1, or null while it cannot be told. @param step what was found */
  report(fraction: number | null, message: string, step?: TaskStep): void;
}
export type Answerer<Question, Answer> = (question: Question, context: QuestionContext) => Promise<Answer>;

interface Open<Question> {
  task: OpenQuestion<Question>;
  abort: AbortController;
}

/** Questions of one view. Each gets exactly one answer, a refusal included; an answer that no view can take waits for the next. */
export class Questions<Question, Answer> {
  readonly #answerer: Answerer<Question, Answer>;
  readonly #post: (message: ProgressMessage | AnswerMessage<Answer>) => void;
  readonly #open = new Map<number, Open<Question>>();
  #waiting: AnswerMessage<Answer>[] = [];
  #listening = false;

  constructor(answerer: Answerer<Question, Answer>, post: (message: ProgressMessage | AnswerMessage<Answer>) => void) {
    this.#answerer = answerer;
    this.#post = post;
  }

  /** Questions without an answer yet, for a snapshot. */
  tasks(): OpenQuestion<Question>[] {
    return [...this.#open.values()].map(({ task }) => ({ ...task }));
  }

  /** The view has its snapshot: answers that came meanwhile follow it. */
  listen(): void {
    this.#listening = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) this.#post(message);
  }

  /** The view is gone or unseen; questions go on. */
  hide(): void {
    this.#listening = false;
  }

  /** @returns the answer, once it has been given. A question whose id is still open is the same question, sent twice. */
  async ask(id: number, question: Question): Promise<Answer | ErrorJson | null> {
    if (this.#open.has(id)) return null;
    const task: OpenQuestion<Question> = { id, question, fraction: null, message: '' };
    const abort = new AbortController();
    this.#open.set(id, { task, abort });
    const report = (fraction: number | null, message: string, step?: TaskStep): void => {
      task.fraction = fraction;
      task.message = message;
      if (step !== undefined) task.steps = [...(task.steps ?? []), step];
      if (this.#listening && this.#open.has(id)) this.#post({ type: 'progress', id, fraction, message, ...(step === undefined ? {} : { step }) });
    };
    let answer: AnswerMessage<Answer>;
    try {
      answer = { type: 'answer', id, result: await this.#answerer(question, { signal: abort.signal, report }), error: null };
    } catch (error) {
      answer = { type: 'answer', id, result: null, error: StarsseError.from(error).toJSON() };
    }
    this.#open.delete(id);
    if (this.#listening) this.#post(answer);
    else this.#waiting.push(answer);
    return answer.result ?? answer.error;
  }

  /** The one who answers a cancelled question ends it, so it still gets its answer. */
  cancel(id: number): void {
    this.#open.get(id)?.abort.abort();
  }
}
