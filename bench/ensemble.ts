/**
 * Arithmetic of an ensemble: 20 members x 10,000 objects x 100 classes from stored logits to accuracy, NLL, Brier score and ECE, against
 * NumPy doing the same. Both hold the logits in memory.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSoftmax } from '../src/backends/wasm/softmax.ts';
import { ensemble } from '../src/core/ensemble.ts';
import { accuracy, brier, nll, type Predictions } from '../src/core/metrics.ts';
import { ece } from '../src/core/reliability.ts';
import { pythonReference } from '../test/reference/python.ts';
import { pythonSide } from './python-side.ts';
import { inTurn, reportMissing, reportRatio, reportWords, spread } from './report.ts';

const [MEMBERS, OBJECTS, CLASSES, ROUNDS] = [20, 10_000, 100, 15];
const WHAT = 'ensemble of 20 members x 10,000 objects x 100 classes with its measures';

const labels = Int32Array.from({ length: OBJECTS }, (_, row) => (row * 7919) % CLASSES);
const members = Array.from({ length: MEMBERS }, (_, member): Predictions => {
  const logits = Float32Array.from({ length: OBJECTS * CLASSES }, (__, index) => 4 * Math.sin(index * (member + 1.7)) + (labels[Math.floor(index / CLASSES)] === index % CLASSES ? 3 : 0));
  return { logits, labels, classes: CLASSES };
});

function ours(): { seconds: number; figures: number[] } {
  const started = performance.now();
  const made = ensemble(members);
  const figures = [accuracy(made), nll(made), brier(made), ece(made)];
  return { seconds: (performance.now() - started) / 1000, figures };
}

await startSoftmax();
const python = await pythonReference();
if (python === null) reportMissing(`${WHAT}: NumPy's time / ours`, 'no Python');
else {
  const folder = await mkdtemp(path.join(tmpdir(), 'starsse-bench-'));
  try {
    const file = path.join(folder, 'logits');
    await writeFile(file, [...members.map(({ logits }) => new Uint8Array(logits.buffer)), new Uint8Array(labels.buffer)]);
    const numpy = await pythonSide(python, 'ensemble.py', [file, String(MEMBERS), String(OBJECTS), String(CLASSES)], { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' });
    const theirs = async (): Promise<number> => {
      const [seconds, ...figures] = (await numpy.ask('')).split(' ').map(Number);
      const own = ours().figures;
      if (figures.some((figure, index) => !(Math.abs(figure - own[index]) < 1e-5))) throw new Error(`NumPy's figures are ${figures.join(', ')}, ours ${own.join(', ')}`);
      return seconds;
    };
    const rounds = await inTurn(ROUNDS, [() => ours().seconds, theirs]);
    numpy.close();
    reportRatio(`${WHAT}: NumPy's time / ours`, rounds.map(([own, other]) => other / own));
    const times = spread(rounds.map(([own]) => own));
    reportWords(`${WHAT}: our time on one core`, `${(1000 * times.median).toFixed(0)} ms (fastest ${(1000 * times.low).toFixed(0)} ms), promised at most 100 ms`);
  } finally {
    await rm(folder, { recursive: true });
  }
}
