/** Pictures of the dashboard in its states, themes and widths: `node test/webview/harness/screenshots.ts <folder> [name part]`. */
import type { ToView } from '../../../src/protocol/messages.ts';
import { nothing } from './landscape.ts';
import { takeScenes, type Scene as SceneOf } from './scenes.ts';
import { LOG_LINES, machineMoments, resultTable, SimulatedRun } from './simulated-run.ts';

type Scene = SceneOf<ToView>;
const scenes = [queued(), early(), star(), working(), stopped(), failed(), evaluating(), done(), combining(), localDe(), chain(), sixteen(), single()];
await takeScenes('dashboard', scenes);

function queued(): Scene {
  return { name: 'queued', messages: [new SimulatedRun().snapshot()] };
}

function early(): Scene {
  const run = new SimulatedRun();
  run.advance(16 * 7 + 5);
  return { name: 'early', messages: [run.snapshot()] };
}

function star(): Scene {
  const run = new SimulatedRun();
  for (let i = 0; i < 36; i++) run.advance(11);
  return { name: 'star', messages: [run.snapshot()] };
}

/** The machine under load, and a log. */
function working(): Scene {
  const run = new SimulatedRun();
  for (let i = 0; i < 36; i++) run.advance(11);
  return { name: 'working', messages: [run.snapshot(), ...machineMoments(), { type: 'log', log: 'supervisor', restarted: true, lines: LOG_LINES }] };
}

function stopped(): Scene {
  const run = new SimulatedRun();
  for (let i = 0; i < 36; i++) run.advance(11);
  run.end('stopped', 'stopped');
  return { name: 'stopped', messages: [run.snapshot()] };
}

function failed(): Scene {
  const run = new SimulatedRun();
  for (let i = 0; i < 36; i++) run.advance(11);
  run.end('failed', 'interrupted');
  const { state } = run.view.members[2];
  state.status = 'failed';
  state.error = { code: 'diverged', message: 'The loss of member-3 is not a number at step 96.', hint: 'Lower the learning rate of the cycle (lrRatio is 0.5), then resume.' };
  run.view.error = { code: 'process-died', message: '1 of 5 members failed: member-3.', hint: 'Look at the member below, then press Resume: finished members are not trained again.' };
  return { name: 'failed', messages: [run.snapshot()] };
}

function evaluating(): Scene {
  const run = new SimulatedRun();
  run.finish();
  run.view.results = null;
  run.view.status = 'evaluating';
  return { name: 'evaluating', messages: [run.snapshot()] };
}

function done(): Scene {
  const run = new SimulatedRun();
  run.finish();
  return { name: 'done', messages: [run.snapshot()] };
}

function combining(): Scene {
  const run = new SimulatedRun();
  run.finish();
  const members = ['member-1', 'member-2', 'member-4'];
  const table = resultTable(run.view.members.map(({ member }) => member.name), [{ kind: 'ensemble', members, name: 'ensemble-2' }]);
  return {
    name: 'combining',
    messages: [
      run.snapshot([{ id: 7, question: { kind: 'soup', members }, fraction: 0.45, message: 'Estimating batch-norm statistics' }]),
      { type: 'answer', id: 6, result: { kind: 'table', table, added: 'ensemble-2' }, error: null },
      { type: 'answer', id: 5, result: null, error: { code: 'mismatch', message: 'member-3: conv1.weight has shape [16, 1, 3, 3], member-1 has [32, 1, 3, 3].', hint: 'Choose members of one architecture.' } },
    ],
  };
}

function localDe(): Scene {
  const run = new SimulatedRun({ method: 'local-de', members: 10, epochs: 12, workers: 4 });
  for (let i = 0; i < 30; i++) run.advance(11);
  return { name: 'local-de', messages: [run.snapshot()] };
}

function chain(): Scene {
  const run = new SimulatedRun({ method: 'sse', workers: 1 });
  for (let i = 0; i < 50; i++) run.advance(11);
  return { name: 'chain', messages: [run.snapshot()] };
}

/** As many members as a run may sensibly have. */
function sixteen(): Scene {
  const run = new SimulatedRun({ members: 16, workers: 4 });
  for (let i = 0; i < 60; i++) run.advance(11);
  return { name: 'sixteen', messages: [run.snapshot(), nothing()] };
}

/** Plain fine-tuning: one member, no table but its own row. */
function single(): Scene {
  const run = new SimulatedRun({ members: 1 });
  run.finish();
  return { name: 'single', messages: [run.snapshot(), nothing()] };
}
