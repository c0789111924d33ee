import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StarsseError } from '../../src/protocol/errors.ts';
import type { Answer, Question, ToView } from '../../src/protocol/messages.ts';
import { Questions, type QuestionContext } from '../../src/extension/pages/questions.ts';

interface Asked {
  context: QuestionContext;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Questions whose answers the test gives by hand. */
function desk(): { questions: Questions<Question, Answer>; posted: ToView[]; asked: Asked[] } {
  const posted: ToView[] = [];
  const asked: Asked[] = [];
  const questions = new Questions<Question, Answer>(
    (_, context) => new Promise<Answer>((resolve, reject) => asked.push({ context, resolve, reject })),
    (message) => posted.push(message),
  );
  questions.listen();
  return { questions, posted, asked };
}

test('an answer for every question, with its id', async () => {
  const { questions, posted, asked } = desk();
  const first = questions.ask(1, { kind: 'stop' });
  const second = questions.ask(2, { kind: 'resume' });
  asked[1].resolve({ kind: 'done' });
  asked[0].resolve({ kind: 'done' });
  await Promise.all([first, second]);
  assert.deepEqual(posted.map((message) => 'id' in message && message.id).sort(), [1, 2]);
  assert.deepEqual(questions.tasks(), []);
});

test('a refusal is an answer', async () => {
  const { questions, posted, asked } = desk();
  const done = questions.ask(1, { kind: 'soup', members: ['member-1'] });
  asked[0].reject(new StarsseError('usage', 'too few', { hint: 'take two' }));
  await done;
  assert.deepEqual(posted, [{ type: 'answer', id: 1, result: null, error: { code: 'usage', message: 'too few', hint: 'take two' } }]);
});

test('progress while it goes on, none after the answer', async () => {
  const { questions, posted, asked } = desk();
  const done = questions.ask(1, { kind: 'soup', members: [] });
  asked[0].context.report(0.5, 'half');
  asked[0].resolve({ kind: 'done' });
  await done;
  asked[0].context.report(0.9, 'late');
  assert.deepEqual(posted.map(({ type }) => type), ['progress', 'answer']);
});

test('the same question sent twice is answered once', async () => {
  const { questions, posted, asked } = desk();
  const done = questions.ask(7, { kind: 'stop' });
  assert.equal(await questions.ask(7, { kind: 'stop' }), null);
  asked[0].resolve({ kind: 'done' });
  await done;
  assert.equal(asked.length, 1);
  assert.equal(posted.length, 1);
});

test('an answer that comes while hidden waits, and the question is listed until then', async () => {
  const { questions, posted, asked } = desk();
  const done = questions.ask(3, { kind: 'ensemble', members: ['member-1', 'member-2'] });
  questions.hide();
  asked[0].context.report(0.25, 'reading');
  assert.deepEqual(questions.tasks(), [{ id: 3, question: { kind: 'ensemble', members: ['member-1', 'member-2'] }, fraction: 0.25, message: 'reading' }]);
  asked[0].resolve({ kind: 'done' });
  await done;
  assert.deepEqual(posted, []);
  questions.listen();
  questions.listen();
  assert.deepEqual(posted.map(({ type }) => type), ['answer']);
});

test('cancel reaches the one who answers', async () => {
  const { questions, posted, asked } = desk();
  const done = questions.ask(1, { kind: 'soup', members: [] });
  questions.cancel(99);
  assert.equal(asked[0].context.signal.aborted, false);
  questions.cancel(1);
  assert.equal(asked[0].context.signal.aborted, true);
  asked[0].reject(new StarsseError('cancelled', 'cancelled'));
  await done;
  assert.equal(posted.length, 1);
});
