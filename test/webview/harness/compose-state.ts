/** What a host tells Compose of a finished run, and of another one, without training. */
import type { ComposeQuestion, ComposeRun, ComposeState, ComposeTask, Detail, ToComposeView } from '../../../src/protocol/compose-messages.ts';
import type { EnsembleReport } from '../../../src/protocol/ensemble-report.ts';
import type { GatedMember } from '../../../src/protocol/soup.ts';
import type { TaskStep } from '../../../src/protocol/task-steps.ts';
import { resultTable, SimulatedRun } from './simulated-run.ts';

export function composeState({ extra = [] as NonNullable<Parameters<typeof resultTable>[1]>, foreign = false, members = 5, changes = {} as Partial<ComposeState> } = {}): ComposeState {
  const home = runOf(new SimulatedRun({ members }), 0);
  const other = runOf(new SimulatedRun({ members: 3 }), 1);
  Object.assign(other.view, { folder: '/home/ada/fashion/.starsse/runs/20260601-080000-wide', id: '20260601-080000-wide', name: 'Wider network' });
  const table = resultTable(home.members.map(({ name }) => name), extra);
  home.view.results = table;
  const soups = extra.filter(({ kind }) => kind === 'soup');
  return {
    runs: foreign ? [home, other] : [home],
    table,
    made: Object.fromEntries([{ name: 'soup-uniform-1', members: home.members.map(({ name }) => name) }, ...soups].map(({ name, members }) => [name, {
      rule: name.split('-')[1], weights: Object.fromEntries(members.map((member) => [member, 1 / members.length])), settings: {}, path: name.includes('greedy') ? tries() : [],
    }])),
    differences: [{ layouts: [0, 1], text: 'conv1.weight is [16, 1, 3, 3] and [32, 1, 3, 3]' }],
    undoable: extra.map(({ name }) => name),
    trusted: true,
    ...changes,
  };
}

function runOf(run: SimulatedRun, layout: number): ComposeRun {
  run.finish();
  return {
    view: structuredClone(run.view), metric: 'accuracy', dataFingerprint: 'aa',
    members: run.view.members.map(({ member: { name } }) => ({
      name, layout, basin: null,
      curve: (run.rows.get(name) ?? []).flatMap((row) => (row.kind === 'epoch' ? [row.validationAccuracy] : [])),
    })),
  };
}

export function snapshot(state: ComposeState, tasks: ComposeTask[] = [], texts: Record<string, string> = {}): ToComposeView {
  return { type: 'snapshot', state, choose: null, tasks, texts };
}

/** Member 3 is the best; member 5 lies outside. */
export function gated(): GatedMember[] {
  const member = (number: number, verdict: GatedMember['verdict'], lossBarrier: number | null, taken = true): GatedMember => ({
    name: `member-${number}`, quality: 0.83 - number / 1000, verdict, lossBarrier, errorBarrier: lossBarrier === null ? null : lossBarrier / 8, taken,
    reason: taken ? null : 'outside the basin',
  });
  return [member(3, null, null), member(1, 'inside', 0.021), member(4, 'inside', 0.034), member(2, 'border', 0.131), member(5, 'outside', 0.412, false)];
}

export function tries(): Extract<TaskStep, { kind: 'try' }>[] {
  const names = ['member-3', 'member-1', 'member-4', 'member-2'];
  return [[1, 0.827, true], [2, 0.832, true], [3, 0.835, true], [4, 0.833, false]].map(([count, score, taken]) => ({ kind: 'try', parents: names.slice(0, Number(count)), score: Number(score), taken: Boolean(taken) }));
}

export function line(): Extract<TaskStep, { kind: 'line' }>[] {
  return Array.from({ length: 11 }, (_, tenth) => ({ kind: 'line', alpha: tenth / 10, score: 0.42 + 0.43 * Math.sin((Math.PI / 2) * Math.min(1, tenth / 8.4)) - 0.004 * Math.max(0, tenth - 8), loss: 1.6 - tenth * 0.11 }));
}

export function detailOf(name: string, { isEnsemble = name.startsWith('ensemble') } = {}): Detail {
  const reliability = Array.from({ length: 15 }, (_, bin) => {
    const confidence = (bin + 0.5) / 15;
    return bin < 3 ? { low: bin / 15, high: (bin + 1) / 15, images: 0, confidence: null, accuracy: null } : { low: bin / 15, high: (bin + 1) / 15, images: 12 * bin * bin, confidence, accuracy: Math.min(1, confidence * 0.93 + 0.03 * Math.sin(bin)) };
  });
  const measures: Detail['measures'] = {
    images: 10_000, accuracy: 0.835, meanPerClassAccuracy: 0.835, nll: 0.476, calibratedNll: 0.468, brier: 0.24, ece: 0.018, temperature: 1.1, temperatureNll: 0.47, temperatureEce: 0.012, reliability, perClass: [],
    riskCoverage: { area: 0.041, points: Array.from({ length: 20 }, (_, step) => ({ coverage: (step + 1) / 20, risk: 0.165 * ((step + 1) / 20) ** 1.8 })) },
  };
  return { name, measuredOn: 'test', measures, comparison: null, ensemble: isEnsemble ? ensembleReport(name, measures) : null };
}

function ensembleReport(name: string, measures: Detail['measures']): EnsembleReport {
  const members = [3, 1, 4, 2].map((number, index) => ({ run: '20260512T093000Z-kfq', folder: null, name: `member-${number}`, weight: [0.4, 0.3, 0.2, 0.1][index] }));
  return {
    name, members, mean: 'probability', sameFingerprint: true, measuredOn: 'test', validationAccuracy: 0.838, measures, diversity: null, comparison: null, createdAt: '',
    selection: { rule: 'greedy', metric: 'accuracy', candidates: members.map((member) => member.name), path: [], tried: 50 },
    sizeCurve: [1, 2, 3, 4, 5].map((size) => ({ size, subsets: 5, isAll: true, accuracy: 0.8355 - 0.011 / size ** 1.4, nll: 0.47 + 0.06 / size, lowest: 0.8355 - 0.016 / size, highest: 0.8358 - 0.006 / size ** 2 })),
  };
}

/** A question on its way, with what was found so far. */
export function task(id: number, question: ComposeQuestion, message: string, fraction: number | null, steps: TaskStep[] = []): ComposeTask {
  return { id, question, fraction, message, steps };
}
