// The sample's two questions, answered by ordinary runs of the command line; results go to study.json.
//   node samples/fashion-mnist/study.mjs transfer   from the rotation checkpoint and from scratch, five seeds each
//   node samples/fashion-mnist/study.mjs cycles     cycle ratios, judged on the validation images alone
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const plan = JSON.parse(readFileSync(here('fashion-mnist.starsse.json'), 'utf8'));
const resultsFile = here('study.json');

function results() {
  try {
    return JSON.parse(readFileSync(resultsFile, 'utf8'));
  } catch {
    return {};
  }
}

/** Runs a variant of the sample's plan. @returns its result table */
function run(name, changes) {
  mkdirSync(here('.starsse/study'), { recursive: true });
  const file = here(`${name}.study.starsse.json`);
  writeFileSync(file, JSON.stringify({ ...plan, ...changes, name }, null, 2));
  const { stdout, status } = spawnSync(process.execPath, [here('../../dist/cli.js'), 'run', file, '--runs', here('.starsse/study'), '--workers', '2', '--threads', '1', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${name}: exit code ${status}: ${stdout}`);
  return JSON.parse(stdout).table;
}

function save(question, value) {
  writeFileSync(resultsFile, `${JSON.stringify({ ...results(), [question]: value }, null, 2)}\n`);
}

const question = process.argv[2];
if (question === 'transfer') {
  const answers = {};
  for (const [start, checkpoint] of [['rotation', plan.model.checkpoint], ['scratch', null]]) {
    const table = run(`transfer-${start}`, { model: { ...plan.model, checkpoint }, method: { kind: 'local-de', members: 5 } });
    answers[start] = table.rows.filter(({ kind }) => kind === 'member').map(({ accuracy }) => accuracy);
    save('transfer', answers);
  }
} else if (question === 'cycles') {
  const answers = results().cycles ?? [];
  for (const seed of [1, 11]) {
    for (const epochRatio of [0.5, 1]) {
      for (const lrRatio of [0.25, 0.5, 1, 2]) {
        if (answers.some((a) => a.seed === seed && a.epochRatio === epochRatio && a.lrRatio === lrRatio)) continue;
        const { rows } = run(`cycle-${lrRatio}-${epochRatio}-${seed}`, { seed, method: { kind: 'starsse', members: 5, cycle: { lrRatio, epochRatio } } });
        const of = (kind) => rows.find((row) => row.kind === kind).validationAccuracy;
        answers.push({ seed, lrRatio, epochRatio, member1: rows[0].validationAccuracy, meanMember: of('mean-member'), soup: of('soup'), ensemble: of('ensemble') });
        save('cycles', answers);
      }
    }
  }
} else {
  console.error('usage: study.mjs transfer|cycles');
  process.exitCode = 2;
}
