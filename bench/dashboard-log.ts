/**
 * A dashboard of a run with a million rows: how long its host takes to open the log and to read a range of it, what memory that takes, and how often a
 * second its charts are drawn while they are moved, in Chromium: `npm run build`, then `node scripts/node24.mjs bench/dashboard-log.ts`.
 */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ToHost, ToView } from '../src/protocol/messages.ts';
import type { Row } from '../src/protocol/rows.ts';
import { RowLog } from '../src/extension/dashboard/rowLog.ts';
import { launchChromium } from '../test/host/chromium.ts';
import { openPanel } from '../test/webview/harness/page.ts';
import { SimulatedRun } from '../test/webview/harness/simulated-run.ts';
import { reportWords, spread, spreadText } from './report.ts';

const ROWS = 1_000_000;
const STEPS_PER_EPOCH = 1000;
const LIMIT = 2000;
const ROUNDS = 7;
const always = (): boolean => true;

const folder = mkdtempSync(path.join(tmpdir(), 'starsse-bench-'));
try {
  const file = path.join(folder, 'metrics.ndjson');
  writeLog(file);
  const opened: number[] = [];
  const ranges: number[] = [];
  let log = new RowLog(file, LIMIT);
  for (let round = 0; round < ROUNDS; round++) {
    log = new RowLog(file, LIMIT);
    opened.push(await msOf(() => log.readOn()));
    ranges.push(await msOf(() => log.range(400_000, 500_000, always)));
  }
  reportWords(`opening a log of ${ROWS} rows, promised less than 2000 ms`, `${spreadText(spread(opened), 0)} ms`);
  reportWords('reading a tenth of it on zoom', `${spreadText(spread(ranges), 0)} ms`);
  reportWords('rows that are kept of it', String(log.rows.length));
  reportWords('drawings a second while the charts of it are moved, promised at least 30', await drawingsASecond(log));
  if (spread(opened).median > 2000) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function writeLog(file: string): void {
  let lines: string[] = [];
  for (let step = 1; step <= ROWS; step++) {
    const loss = 2 / Math.sqrt(step) + 0.3 * Math.sin(step * 12.9898) ** 2;
    const rows: Row[] = [{ kind: 'step', step, epoch: Math.floor((step - 1) / STEPS_PER_EPOCH), loss, accuracy: 0.5, learningRate: 0.05, wallMs: 31 * step, waitMs: 0.0625 }];
    if (step % STEPS_PER_EPOCH === 0) {
      rows.push({ kind: 'epoch', step, epoch: step / STEPS_PER_EPOCH - 1, trainLoss: loss, validationLoss: loss, validationAccuracy: 1 - loss / 3, imagesPerSecond: 1000, wallMs: 31 * step });
    }
    lines.push(...rows.map((row) => `${JSON.stringify(row)}\n`));
    if (step % 20_000 > 0) continue;
    appendFileSync(file, lines.join(''));
    lines = [];
  }
}

/** Five members of that log, zoomed to a tenth and moved with every drawing. */
async function drawingsASecond(log: RowLog): Promise<string> {
  const run = new SimulatedRun({ method: 'local-de', members: 5, epochs: ROWS / STEPS_PER_EPOCH, stepsPerEpoch: STEPS_PER_EPOCH });
  const members = run.view.members.map(({ member }) => member.name);
  const detail = await log.range(1, ROWS, always);
  const browser = await launchChromium();
  try {
    const view = await openPanel<ToHost, ToView>(browser, 'dashboard');
    await view.post({ type: 'snapshot', run: run.view, rows: members.map((member) => ({ member, rows: log.rows })), tasks: [], texts: {} });
    await view.post({ type: 'detail', id: 1, members: members.map((member) => ({ member, from: 1, to: ROWS, rows: detail })) });
    await view.page.locator('.plot-loss .plot-frame').focus();
    for (let press = 0; press < 4; press++) await view.page.keyboard.press('+');
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rates.push(
        await view.page.evaluate<number>(`new Promise((done) => {
          const frame = document.querySelector('.plot-loss .plot-frame');
          const start = performance.now();
          let frames = 0;
          const next = () => {
            if (frames++ === 40) return done(40_000 / (performance.now() - start));
            frame.dispatchEvent(new WheelEvent('wheel', { deltaX: frames % 20 < 10 ? 12 : -12, cancelable: true, bubbles: true }));
            requestAnimationFrame(next);
          };
          requestAnimationFrame(next);
        })`),
      );
    }
    return spreadText(spread(rates), 0);
  } finally {
    await browser.close();
  }
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
