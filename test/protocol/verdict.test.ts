import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResultRow, ResultTable } from '../../src/protocol/results.ts';
import { verdictOfTable } from '../../src/protocol/verdict.ts';

const row = (name: string, kind: ResultRow['kind'], members: number, difference: [number, number] | null): ResultRow => ({
  name, kind, members: Array.from({ length: members }, (_, index) => `member-${index + 1}`), accuracy: 0.5, nll: 1, calibratedNll: 1, ece: 0.1, validationAccuracy: 0.5,
  differenceToBest: difference === null ? null : { estimate: (difference[0] + difference[1]) / 2, low: difference[0], high: difference[1] }, forwardPasses: kind === 'ensemble' ? members : 1, macs: 1,
});
const table = (rows: ResultRow[], testImages = 1000): ResultTable => ({ rows, metric: 'accuracy', bestMember: 'member-2', testImages, validationImages: 200, bootstrapSamples: 2000, createdAt: '2026-01-01T00:00:00.000Z' });

test('what lies on one side of zero is said with both ends of its interval', () => {
  const { sentences } = verdictOfTable(table([row('soup-uniform-1', 'soup', 5, [0.006, 0.014]), row('ensemble-1', 'ensemble', 5, [0.01, 0.02]), row('soup-greedy-1', 'soup', 2, [-0.03, -0.0101])]));
  assert.deepEqual(sentences, [
    'soup-uniform-1 (of 5) is better than the best member, member-2, by 0.6 to 1.4 points of accuracy on these 1000 test images, at the same cost of a prediction.',
    'ensemble-1 (of 5) is better than the best member, member-2, by 1.0 to 2.0 points of accuracy on these 1000 test images, at 5 times its cost of a prediction.',
    'soup-greedy-1 (of 2) is worse than the best member, member-2, by 1.0 to 3.0 points of accuracy on these 1000 test images.',
  ]);
});

test('an interval that holds zero, or ends there, claims nothing', () => {
  for (const interval of [[-0.005, 0.014], [0, 0.014], [-0.014, 0]] as [number, number][]) {
    const [sentence] = verdictOfTable(table([row('soup-uniform-1', 'soup', 5, interval)])).sentences;
    assert.match(sentence, /cannot be told from the best member/);
    assert.doesNotMatch(sentence, /better|worse/);
  }
  assert.match(verdictOfTable(table([row('soup-uniform-1', 'soup', 5, [-0.005, 0.014])])).sentences[0], /between -0\.5 and \+1\.4 points\.$/);
  assert.match(verdictOfTable(table([row('soup-uniform-1', 'soup', 5, [0, 0])])).sentences[0], /cannot be told from .* the difference is 0 in nearly every resample\.$/);
});

test('members and their mean are no claims; a table without test images warns', () => {
  const { sentences, cautions } = verdictOfTable(table([row('member-1', 'member', 1, [0.1, 0.2]), row('mean-member', 'mean-member', 2, null), row('soup-uniform-1', 'soup', 2, [0.1, 0.2])], 0));
  assert.equal(sentences.length, 1);
  assert.match(sentences[0], /on the 200 validation images/);
  assert.match(cautions[0], /no test set.*too good/);
});
