/**
 * A dashboard of a run with a million rows: how long its host takes to open the log and to read a range of it, and how smoothly the page in Chromium scrolls,
 * zooms and pans meanwhile, its questions answered from that log: `npm run build`, then `node scripts/node24.mjs bench/dashboard-log.ts`.
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
/** Thirty frames a second: two of sixty. */
const FRAME_MS = 34;
const always = (): boolean => true;

/** A gesture a frame, as a hand makes them: zooms in about a place, pans both ways, moves the cursor, scrolls the page, zooms out; then ms between frames. */
const GESTURES = `new Promise((done) => {
  const frame = document.querySelector('.plot-loss .plot-frame');
  const box = frame.getBoundingClientRect();
  const wheel = (more) => frame.dispatchEvent(new WheelEvent('wheel', { clientX: box.left + box.width * 0.6, clientY: box.top + 50, cancelable: true, bubbles: true, ...more }));
  const move = (share) => frame.querySelector('canvas').dispatchEvent(new MouseEvent('mousemove', { clientX: frame.getBoundingClientRect().left + box.width * share, clientY: frame.getBoundingClientRect().top + 90, bubbles: true }));
  const times = [];
  const step = (time) => {
    times.push(time);
    const count = times.length;
    if (count <= 40) wheel({ ctrlKey: true, deltaY: -40 });
    else if (count <= 80) wheel({ deltaX: 14 });
    else if (count <= 120) wheel({ deltaX: -14 });
    else if (count <= 150) move((count - 110) / 50);
    else if (count <= 180) window.scrollBy(0, count <= 165 ? 30 : -30);
    else if (count <= 220) wheel({ ctrlKey: true, deltaY: 40 });
    else return done(times.slice(1).map((time, index) => time - times[index]));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

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
  const intervals = await frames(log);
  const [middle, slow] = [quantile(intervals, 0.5), quantile(intervals, 0.95)];
  reportWords(`ms from frame to frame while the page is scrolled, zoomed and panned, promised at most ${FRAME_MS} in the middle: median, and 95 of 100 are below`, `${middle.toFixed(1)}, ${slow.toFixed(1)} (${intervals.length} frames)`);
  if (spread(opened).median > 2000 || middle > FRAME_MS) process.exitCode = 1;
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

/** Five members, each with that log. @returns ms between frames */
async function frames(log: RowLog): Promise<number[]> {
  const run = new SimulatedRun({ method: 'local-de', members: 5, epochs: ROWS / STEPS_PER_EPOCH, stepsPerEpoch: STEPS_PER_EPOCH });
  const members = run.view.members.map(({ member }) => member.name);
  const browser = await launchChromium();
  try {
    let lastId = 0;
    const answers: Promise<void>[] = [];
    const answer = async ({ id, ranges }: Extract<ToHost, { type: 'detail' }>): Promise<void> => {
      lastId = id;
      const details = [];
      for (const range of ranges) details.push({ ...range, rows: await log.range(range.from, range.to, () => id === lastId) });
      if (id === lastId) await view.post({ type: 'detail', id, members: details });
    };
    const view = await openPanel<ToHost, ToView>(browser, 'dashboard', {
      onMessage(message) {
        if (message.type === 'detail') answers.push(answer(message));
        return [];
      },
    });
    await view.post({ type: 'snapshot', run: run.view, rows: members.map((member) => ({ member, rows: log.rows })), tasks: [], texts: {} });
    const intervals: number[] = [];
    for (let round = 0; round < ROUNDS; round++) intervals.push(...(await view.page.evaluate<number[]>(GESTURES)));
    await Promise.all(answers);
    return intervals;
  } finally {
    await browser.close();
  }
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
