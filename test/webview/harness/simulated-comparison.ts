/** Runs as the comparison is given them: methods and learning rates of one study, and a sweep of the tuner. */
import type { ComparedRun, Sweep, ToView } from '../../../src/protocol/compare-messages.ts';
import { member, memberView, resultRow, resultTable, runView } from '../run-fixture.ts';

const STUDY = [
  { name: 'Local DE', method: 'local-de', rate: 0.1, epochs: 20, top: 0.871, soup: 0.61, ensemble: 0.893 },
  { name: 'StarSSE, small cycles', method: 'starsse', rate: 0.05, epochs: 10, top: 0.874, soup: 0.884, ensemble: 0.887 },
  { name: 'StarSSE, large cycles', method: 'starsse', rate: 0.4, epochs: 10, top: 0.868, soup: 0.872, ensemble: 0.895 },
  { name: 'SSE', method: 'sse', rate: 0.1, epochs: 10, top: 0.866, soup: 0.868, ensemble: 0.879 },
  { name: 'Fine-tuning, four times as long', method: 'fine-tuning', rate: 0.1, epochs: 60, top: 0.877, soup: 0.881, ensemble: null },
];

export function comparison(texts: Record<string, string> = {}, runs = STUDY.map(compared)): ToView {
  return { type: 'snapshot', folders: runs.map(({ run }) => run.folder), runs, sweeps: [sweep()], problems: [], texts };
}

/** The study for three seeds: as many runs as people compare. */
export function manyRuns(): ComparedRun[] {
  return [1, 2, 3].flatMap((seed) => STUDY.map((run, place) => compared({ ...run, name: `${run.name}, seed ${seed}`, rate: run.rate * seed, top: run.top - 0.003 * seed }, (seed - 1) * STUDY.length + place)));
}

/** One that has just begun beside one that failed: curves and results are missing. */
export function youngRuns(): ComparedRun[] {
  const [first, second] = STUDY.map(compared);
  return [
    { ...first, run: { ...first.run, status: 'running', results: null }, curves: first.curves.slice(0, 2).map((curve) => ({ ...curve, accuracy: curve.accuracy.slice(0, 1), loss: curve.loss.slice(0, 1) })) },
    { ...second, run: { ...second.run, status: 'failed', results: null }, curves: [] },
  ];
}

export function compared({ name, method, rate, epochs, top, soup, ensemble }: (typeof STUDY)[number], place: number): ComparedRun {
  const count = method === 'fine-tuning' ? 1 : 5;
  const members = Array.from({ length: count }, (_, index) => member(index + 1, { epochs: index === 0 && method !== 'local-de' ? Math.max(20, epochs) : epochs, learningRate: rate, startsFrom: index === 0 || method === 'local-de' ? 'pretrained' : method === 'sse' ? `member-${index}` : 'member-1' }));
  const names = members.map((each) => each.name);
  const rows = [
    resultRow('member-1', { accuracy: top, validationAccuracy: top }),
    ...(count === 1 ? [] : [resultRow('soup-uniform-1', { kind: 'soup', members: names, accuracy: soup, validationAccuracy: soup, differenceToBest: { estimate: soup - top, low: soup - top - 0.004, high: soup - top + 0.004 } })]),
    ...(ensemble === null ? [] : [resultRow('ensemble-1', { kind: 'ensemble', members: names, accuracy: ensemble, differenceToBest: { estimate: ensemble - top, low: ensemble - top - 0.003, high: ensemble - top + 0.003 }, forwardPasses: 5 })]),
  ];
  const curves = members.map((each, index) => {
    const first = members.find(({ name: other }) => other === each.startsFrom);
    const startEpoch = each.startsFrom === 'pretrained' ? 0 : method === 'sse' ? 20 + (index - 1) * epochs : (first?.epochs ?? 0);
    const from = each.startsFrom === 'pretrained' ? 0.42 : top - 0.06 * rate * 5;
    const accuracy = Array.from({ length: each.epochs }, (_, epoch) => from + (top - from) * (1 - Math.exp((-4.5 * (epoch + 1)) / each.epochs)) + 0.006 * Math.sin(epoch * 1.7 + index + place));
    return { member: each.name, startEpoch, accuracy, loss: accuracy.map((value) => 3.1 * (1 - value)) };
  });
  return {
    run: runView({ folder: `/runs/${place}`, id: `2026030${place + 1}-120000-abcd`, name, planName: name, method, status: 'done', labels: { name: null, tags: place < 3 ? ['paper'] : [], archived: false }, members: members.map((each) => memberView(each, { status: 'done' })), results: resultTable({ rows, bestMember: 'member-1' }) }),
    curves,
    epochs: members.reduce((sum, each) => sum + each.epochs, 0),
    learningRate: rate,
    trainedMs: members.reduce((sum, each) => sum + each.epochs, 0) * 41_000,
  };
}

/** The authors' grid: larger cycles make better ensembles and worse soups. */
function sweep(): Sweep {
  const points = ['starsse', 'sse', 'local-de'].flatMap((method) =>
    [0.25, 0.5, 1, 2, 4].flatMap((lrRatio) => [0.5, 1, 2].map((epochRatio) => ({
      label: `${method} lr × ${lrRatio}, epochs × ${epochRatio}`,
      folder: null,
      values: { method, lrRatio, epochRatio, epochs: 20 + 40 * epochRatio, soup: 0.88 - 0.004 * lrRatio - (method === 'local-de' ? 0.2 : 0), ensemble: 0.875 + 0.006 * Math.log2(1 + lrRatio) + 0.003 * epochRatio + (method === 'local-de' ? 0.004 : 0) },
    }))));
  return { name: 'study (20260301-120000-tune)', metric: 'accuracy', points };
}
