import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { collect } from '../../../src/run/report/collect.ts';
import { htmlOf } from '../../../src/run/report/html.ts';
import { markdownOf } from '../../../src/run/report/markdown.ts';
import { documentOf } from '../../../src/run/report/report.ts';
import { ticks } from '../../../src/run/report/svg/frame.ts';
import { lines } from '../../../src/run/report/svg/lines.ts';
import { writeReport } from '../../../src/run/report/write-report.ts';
import { starsse } from '../starsse.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { writeJson, writeRun } from '../written-run.ts';

const GOLDEN = path.join(import.meta.dirname, '../../fixtures/run-format-1');

function goldenCopy(t: TestContext): string {
  const folder = path.join(temporaryFolder(t), 'golden');
  cpSync(GOLDEN, folder, { recursive: true });
  return folder;
}

test('a finished run becomes a page and a Markdown file that need nothing else', async (t) => {
  const folder = goldenCopy(t);
  const { html, markdown } = await writeReport(folder, path.join(folder, 'reports', 'new'));
  const page = readFileSync(html, 'utf8');
  assert.match(page, /default-src 'none'/);
  assert.doesNotMatch(page, /<script|src=|@import|url\(/);
  // Each section of the contents is there, and each figure of the table.
  assert.equal(page.match(/<section id=/g)?.length, page.match(/href="#section-/g)?.length);
  const { results } = (await collect(folder)).view;
  for (const { accuracy } of results!.rows) assert.ok(page.includes(`${(100 * accuracy).toFixed(2)} %`));
  const text = readFileSync(markdown, 'utf8');
  assert.match(text, /^# .+\n\n.+\n\n## Verdict\n/);
  for (const { name } of results!.rows) assert.ok(text.includes(name));
});

test('what a run does not have is asked for with its command', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  const text = markdownOf(documentOf(await collect(folder)));
  for (const command of ['starsse resume', 'starsse basin', 'starsse plane', 'starsse sharpness', 'starsse ensemble']) assert.ok(text.includes(command), command);
  assert.match(text, /no result table yet/);
});

test('names from files are text, in HTML and in Markdown', async (t) => {
  const folder = goldenCopy(t);
  const run = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as { plan: { name: string } };
  run.plan.name = '<img src=x onerror=alert(1)> | [a](javascript:b)';
  writeJson(path.join(folder, 'run.json'), run);
  const document = documentOf(await collect(folder));
  assert.doesNotMatch(htmlOf(document), /<img/);
  assert.match(markdownOf(document), /^# \\<img src=x onerror=alert\(1\)\\> \\\| \\\[a\\\]\(javascript:b\)\n/);
});

test('a torn analysis is named', async (t) => {
  const folder = goldenCopy(t);
  writeFileSync(path.join(folder, 'analyses', 'basin.json'), '{"lines": [');
  await assert.rejects(writeReport(folder, folder), { code: 'file-invalid', message: /basin\.json/ });
});

test('starsse report writes into the run folder and says where', async (t) => {
  const folder = goldenCopy(t);
  const { code, stdout } = await starsse(['report', folder, '--json']);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), { html: path.join(folder, 'report.html'), markdown: path.join(folder, 'report.md') });
});

test('axes have round ticks, and curves keep inside them whatever they hold', () => {
  assert.deepEqual(ticks({ low: 0, high: 1 }).map((value) => Number(value.toFixed(6))), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks({ low: 3, high: 3 }), [3]);
  const axis = { title: 't', format: String };
  const svg = lines([{ name: 'a', points: [[0, 1], [1, Infinity], [2, NaN], [3, 2]] }, { name: 'b', points: [[1, 1]] }, { name: 'c', points: [] }], 'label', axis, axis);
  assert.doesNotMatch(svg, /NaN|Infinity/);
});
