/** Measures against scikit-learn, SciPy and torchmetrics: what they gave before, and what they give now where Python is there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { atTemperature, fitTemperature } from '../../src/core/calibration.ts';
import { detection } from '../../src/core/detection.ts';
import { mutualInformation } from '../../src/core/diversity.ts';
import { ensemble } from '../../src/core/ensemble.ts';
import { mcnemar } from '../../src/core/mcnemar.ts';
import { accuracy, brier, correctness, mean, nll, probabilities, type Predictions } from '../../src/core/metrics.ts';
import { confidences, ece } from '../../src/core/reliability.ts';
import { logNormalisers } from '../../src/core/softmax.ts';
import { uniform } from '../reference/formula.ts';
import { pythonReference, runPython } from '../reference/python.ts';

interface Figures {
  accuracy: number; nll: number; brier: number; brierOfFirstClass: number; ece: number; temperature: number; temperatureNll: number;
}
interface Reference {
  one: Figures; mean: Figures; logitMean: Figures; mutualInformation: number;
  mcnemar: { onlyThis: number; onlyOther: number; exactP: number; statistic: number; p: number };
  detection: { auroc: number; aupr: number; fpr95: number };
  normalisers: number[];
}

const [COUNT, CLASSES] = [600, 7];
const labels = Int32Array.from(uniform('labels', COUNT), (u) => Math.floor(u * CLASSES));

function member(name: string): Predictions {
  const logits = Float32Array.from(uniform(name, COUNT * CLASSES), (u, index) => 8 * u + (labels[Math.floor(index / CLASSES)] === index % CLASSES ? 3 : 0));
  return { logits, labels, classes: CLASSES };
}

const [one, other] = [member('one'), member('other')];

function near(actual: number, expected: number, what: string, tolerance = 1e-6): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, the reference ${expected}`);
}

function compare(reference: Reference): void {
  for (const [name, predictions] of [['one', one], ['mean', ensemble([one, other])], ['logitMean', ensemble([one, other], 'logit-mean')]] as const) {
    const expected = reference[name];
    near(accuracy(predictions), expected.accuracy, `${name}, accuracy`, 0);
    near(nll(predictions), expected.nll, `${name}, NLL`);
    near(brier(predictions), expected.brier, `${name}, Brier`);
    const first = probabilities(predictions).filter((_, index) => index % CLASSES === 0);
    near(mean(first.map((p, row) => (p - (labels[row] === 0 ? 1 : 0)) ** 2)), expected.brierOfFirstClass, `${name}, Brier of class 0`);
    near(ece(predictions), expected.ece, `${name}, ECE`);
    const temperature = fitTemperature(predictions);
    near(temperature, expected.temperature, `${name}, temperature`);
    near(nll(atTemperature(predictions, temperature)), expected.temperatureNll, `${name}, NLL at it`);
  }
  near(mean(mutualInformation([one, other])), reference.mutualInformation, 'mutual information');
  const { onlyThis, onlyOther, exactP, statistic, p } = mcnemar(correctness(one), correctness(other));
  assert.deepEqual([onlyThis, onlyOther], [reference.mcnemar.onlyThis, reference.mcnemar.onlyOther]);
  near(exactP, reference.mcnemar.exactP, 'exact P', 1e-9);
  near(statistic, reference.mcnemar.statistic, 'statistic', 1e-12);
  near(p, reference.mcnemar.p, 'P', 1e-9);
  const steps = (predictions: Predictions, count: number): Float64Array => confidences(predictions).slice(0, count).map((each) => Math.floor(each * 64) / 64);
  const found = detection(steps(one, 400), steps(atTemperature(other, 2), 150));
  for (const figure of ['auroc', 'aupr', 'fpr95'] as const) near(found[figure], reference.detection[figure], figure);
  for (const [row, normaliser] of logNormalisers(one.logits, CLASSES).slice(0, 5).entries()) near(normaliser, reference.normalisers[row], 'log of the sum of exponentials', 1e-9);
}

test('measures are those that scikit-learn, SciPy and torchmetrics gave', () => {
  compare(JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/reference/measures.json'), 'utf8')) as Reference);
});

const python = await pythonReference();
// Where there is no Python the fixture above stands for it.
if (python !== null) test('and that they give now', async () => {
  compare(JSON.parse(await runPython(python, 'measures_fixture.py', [])) as Reference);
});
