import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { toJsonSchema } from '@valibot/to-json-schema';
import { runArguments } from '../../src/extension/tasks/definition.ts';
import { checkProposal, proposalFile } from '../../src/extension/tools/plans.ts';
import { meantRun, runResults, runSummaries } from '../../src/extension/tools/summaries.ts';
import { parse } from '../../src/protocol/parse.ts';
import { PlanTaskSchema } from '../../src/protocol/plan-task.ts';
import { TOOL_INPUTS, type ToolName } from '../../src/protocol/tool-inputs.ts';
import { tinyPlan } from '../fixtures/tiny-plan.ts';
import { temporaryFolder } from '../run/temporary-folder.ts';
import { runView } from './run-view.ts';

interface Manifest {
  contributes: {
    languageModelTools: { name: string; inputSchema: unknown; when?: string; modelDescription: string }[];
    problemMatchers: { pattern: { regexp: string; file: number; message: number } }[];
  };
}
const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

test('package.json tells models of every tool the input that its schema wants', () => {
  const { languageModelTools } = contributes;
  assert.deepEqual(languageModelTools.map(({ name }) => name), Object.keys(TOOL_INPUTS));
  for (const { name, inputSchema, modelDescription } of languageModelTools) {
    const wanted = toJsonSchema(TOOL_INPUTS[name as ToolName], { errorMode: 'ignore' });
    assert.deepEqual(inputSchema, JSON.parse(JSON.stringify(wanted, (key, value: unknown) => (key === 'additionalProperties' || key === '$schema' ? undefined : value))), name);
    assert.ok(modelDescription.length > 80, name);
  }
});

test('tools that start something are not there in Restricted Mode', () => {
  assert.deepEqual(contributes.languageModelTools.filter(({ when }) => when === 'isWorkspaceTrusted').map(({ name }) => name), ['starsse_start_run', 'starsse_make_soup']);
});

const folder = (letter: string) => `/runs/20260101-000000-${letter}`;
const entries = ['b', 'a'].map((letter) => ({ folder: folder(letter), view: { ...runView({ folder: folder(letter), status: 'done', memberStatus: 'done' }), name: letter.toUpperCase() }, error: null }));

test('runs are listed as a model can read them, by the filter of the tree', () => {
  const { runs, leftOut } = runSummaries([...entries, { folder: '/runs/torn', view: null, error: { code: 'file-invalid', message: 'torn' } }], '');
  assert.deepEqual([runs.map(({ name }) => name), leftOut], [['B', 'A'], 0]);
  const [{ createdAt }] = runs;
  assert.deepEqual(runs[0], { createdAt, id: '20260101-000000-b', name: 'B', plan: 'Tiny', method: 'starsse', status: 'done', progress: 1, members: 3, tags: [], archived: false, error: null });
  assert.deepEqual(runSummaries(entries, '@status:failed').runs, []);
  assert.equal(runSummaries(Array.from({ length: 60 }, () => entries[0]), '').leftOut, 10);
});

test('a run is meant by its id, the beginning of one, its name, its folder or "latest"; anything else names some that there are', () => {
  for (const named of ['20260101-000000-a', 'A', folder('a')]) assert.equal(meantRun(entries, named).name, 'A');
  assert.equal(meantRun(entries, 'latest').name, 'B');
  assert.throws(() => meantRun(entries, '2026'), { code: 'usage', message: /more than one/ });
  assert.throws(() => meantRun(entries, 'C'), { code: 'usage', hint: /20260101-000000-b, 20260101-000000-a/ });
  assert.throws(() => meantRun([], 'latest'), { hint: 'There are no runs yet.' });
});

test('results have every member, and a table once there is one', () => {
  const results = runResults(entries[0].view) as { members: { name: string; hasSnapshot: boolean }[]; table: null };
  assert.deepEqual(results.members.map(({ name, hasSnapshot }) => [name, hasSnapshot]), [['member-1', true], ['member-2', true], ['member-3', true]]);
  assert.equal(results.table, null);
});

test('a proposed plan is checked as a trainer will: fields, members, files', async (t) => {
  const here = temporaryFolder(t);
  const wrong = await checkProposal({ ...tinyPlan(), training: { epochs: 0 } }, here);
  assert.equal(wrong.summary, null);
  assert.ok(wrong.problems.some(({ field }) => field === 'training.epochs'), JSON.stringify(wrong));
  const right = await checkProposal(tinyPlan(), here);
  assert.ok(right.problems.length > 0 && right.problems.every(({ message }) => message.endsWith('does not exist')), 'its data are not there');
  assert.equal(right.summary?.members[1].startsFrom, 'member-1');
  assert.equal(right.summary?.epochsInAll, right.summary?.members.reduce((sum, { epochs }) => sum + epochs, 0));
});

test('a plan of a model is saved in the workspace folder and nowhere else', () => {
  assert.equal(proposalFile('/w', 'a'), path.join('/w', 'a.starsse.json'));
  assert.equal(proposalFile('/w', 'a.json'), path.join('/w', 'a.starsse.json'));
  assert.equal(proposalFile('/w', 'a.starsse.json'), path.join('/w', 'a.starsse.json'));
  for (const name of ['../a', 'b/a', '/etc/a', '..', '.vscode', '']) assert.throws(() => proposalFile('/w', name), { code: 'usage' }, name);
});

test('a task runs its plan as Start Run would, unless it says where', () => {
  const task = parse(PlanTaskSchema, { type: 'starsse', plan: 'a/b.starsse.json' }, 'task', 'usage');
  const runs = (plan: string) => `${path.dirname(plan)}/runs`;
  assert.deepEqual(runArguments(task, '/w', runs), ['run', '/w/a/b.starsse.json', '--runs', '/w/a/runs']);
  assert.deepEqual(runArguments({ plan: '/p.starsse.json', args: ['--runs', 'x', '--detach'] }, '/w', runs), ['run', '/p.starsse.json', '--runs', 'x', '--detach']);
  assert.throws(() => parse(PlanTaskSchema, { type: 'starsse', plan: '' }, 'task', 'usage'), { code: 'usage' });
});

test('the problem matcher finds the file in what the command line says, and nothing in other lines', () => {
  const [{ pattern }] = contributes.problemMatchers;
  const match = (line: string) => {
    const found = new RegExp(pattern.regexp).exec(line);
    return found && [found[pattern.file], found[pattern.message]];
  };
  assert.deepEqual(match('starsse: /w/a.starsse.json: training.epochs: Invalid value'), ['/w/a.starsse.json', 'training.epochs: Invalid value']);
  assert.deepEqual(match('starsse: C:\\w\\a.starsse.json: not valid JSON (x)'), ['C:\\w\\a.starsse.json', 'not valid JSON (x)']);
  assert.deepEqual(match('starsse: /w/snapshots/a.safetensors: torn: 3 bytes'), ['/w/snapshots/a.safetensors', 'torn: 3 bytes']);
  assert.equal(match('starsse: no run "x"'), null);
  assert.equal(match('member-1: epoch 3 of 5'), null);
});
