import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { tinyPlan, writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeRun } from './written-run.ts';

test("a user's mistake is exit code 2, one line that says what, and at most one more that says what to do", async (t) => {
  const folder = temporaryFolder(t);
  const runs = path.join(folder, 'runs');
  const run = writeRun(runs, '20260101-000000-aaaa');
  writeRun(runs, '20260101-000000-aabb');
  const plan = writeTinyPlan(folder);
  const planWith = (name: string, change: object): string => {
    const file = path.join(folder, `${name}.starsse.json`);
    writeFileSync(file, JSON.stringify({ ...tinyPlan(), ...change }));
    return file;
  };
  const text = path.join(folder, 'text.safetensors');
  writeFileSync(text, 'this is no snapshot');
  const torn = path.join(folder, 'torn.starsse.json');
  writeFileSync(torn, readFileSync(plan, 'utf8').slice(0, 100));
  mkdirSync(path.join(folder, 'empty'));
  const inRuns = ['--runs', runs];
  const training = tinyPlan().training;
  const mistakes: [string[], RegExp][] = [
    [['fly'], /unknown command 'fly'/],
    [['ls', '--fast'], /unknown option '--fast'/],
    [['run'], /missing required argument 'plan'/],
    [['run', path.join(folder, 'no.starsse.json')], /There is no plan .*no\.starsse\.json/],
    [['run', folder], /cannot be read/],
    [['run', torn], /torn\.starsse\.json: not valid JSON/],
    [['run', planWith('typo', { training: { ...training, epoch: 3 } })], /training\.epoch: /],
    [['run', planWith('clones', { method: { kind: 'local-de', members: 2 }, memberSeeds: [4, 4] })], /member-1 and member-2 would be identical/],
    [['run', planWith('data', { data: { ...tinyPlan().data, test: { images: 'no.idx', labels: 'no.idx' } } })], /The data file .*no\.idx is missing/],
    [['run', planWith('checkpoint', { model: { network: 'mlp', checkpoint: 'no.safetensors' } })], /no\.safetensors is missing/],
    [['run', planWith('foreign', { model: { network: 'mlp', checkpoint: 'text.safetensors' } })], /text\.safetensors: not a whole safetensors file/],
    [['run', plan, '--workers', '0'], /whole number from 1/],
    [['run', plan, '--backend', 'abacus'], /Allowed choices are auto, tensorflow, webgpu, wasm, cpu/],
    [['run', plan, '--node', '/no/node'], /Node at \/no\/node cannot be started/],
    [['watch', 'nothing', ...inRuns], /no run "nothing"/],
    [['watch', '2026', ...inRuns], /"2026" is the beginning of 2 ids/],
    [['stop', run], /is not running: it is queued/],
    [['soup', run], /not done in the run .*: member-1, member-2/],
    [['soup', run, '--members', 'best'], /"best" is no member/],
    [['soup', run, '--rule', 'secret'], /Allowed choices are uniform/],
    [['ensemble', run, '--members', '7'], /not done in the run .*: member-7/],
    [['inspect', path.join(folder, 'no.safetensors')], /no\.safetensors is missing/],
    [['inspect', text], /not a whole safetensors file/],
    [['inspect', folder], /is not a file/],
    [['backend', 'fetch'], /unknown command 'fetch'/],
  ];
  for (const [args, message] of mistakes) {
    const { code, stdout, stderr } = await starsse(args);
    const lines = stderr.trimEnd().split('\n');
    assert.equal(code, 2, `${args.join(' ')}: exit code ${code}: ${stderr}`);
    assert.match(lines[0], /^starsse: /, args.join(' '));
    assert.match(lines[0], message);
    assert.ok(lines.length <= 2, `${args.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
  }
});

test('with --json a mistake is one object too, with its code and hint', async (t) => {
  const { code, stdout } = await starsse(['run', path.join(temporaryFolder(t), 'no.starsse.json'), '--json']);
  const { error } = JSON.parse(stdout) as { error: { code: string; hint: string } };
  assert.deepEqual([code, error.code], [2, 'file-missing']);
  assert.match(error.hint, /starsse\.json/);
});

test('help and version are no mistakes', async () => {
  const help = await starsse(['--help']);
  assert.equal(help.code, 0);
  for (const word of ['run', 'resume', 'stop', 'ls', 'watch', 'doctor', 'backend', 'ensemble', 'soup', 'inspect']) assert.match(help.stdout, new RegExp(`^  ${word}\\b`, 'm'));
  assert.match((await starsse(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});
