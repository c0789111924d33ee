/**
 * Stands in for VS Code's program: `runTests({ vscodeExecutablePath: 'test/host/launcher' })` runs the suite in the browser
 * host. Relays what the tests print to stdout and exits with their code; a suite that says nothing for too long fails.
 */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { parseLauncherArguments } from './arguments.ts';
import { launchChromium } from './chromium.ts';
import { startServer } from './server.ts';
import { SUITE_LINE } from './suite-line.ts';

/** From the start of the page to the first line of the suite. A cold start on a busy machine takes about a minute. */
const FIRST_LINE_TIMEOUT_MS = 180_000;
/** Between two lines. */
const SILENCE_TIMEOUT_MS = 180_000;

const wanted = parseLauncherArguments(process.argv.slice(2));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

const logFile = path.join(wanted.userDataDir, 'workbench.log');
const server = await startServer({
  dataFolder: wanted.userDataDir,
  extensionsFolder: wanted.extensionsDir,
  smokeTestDriver: true,
  trustWorkspaces: wanted.trustWorkspaces,
});
const browser = await launchChromium();
let code = 1;
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  code = await suiteResult(page);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
} finally {
  await browser.close();
  await server.stop();
}
process.exit(code);

/** Opens the workbench and waits for the suite's exit code. */
async function suiteResult(page: Page): Promise<number> {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  const log = createWriteStream(logFile);
  let heardAt = 0;
  const startedAt = Date.now();
  let end: (exitCode: number) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const exit = new Promise<number>((resolve, reject) => ([end, fail] = [resolve, reject]));
  exit.catch(() => undefined); // it may fail while the page still loads
  // The workbench's own messages come the same way as the suite's.
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    const text = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ');
    log.write(`${new Date().toISOString()} ${type} ${text}\n`);
    if (!text.startsWith(SUITE_LINE)) return;
    heardAt = Date.now();
    process.stdout.write(`${text}\n`);
  });
  await page.exposeFunction('codeAutomationExit', (exitCode: number) => end(exitCode));
  const watch = setInterval(() => {
    const now = Date.now();
    if (heardAt === 0 ? now - startedAt > FIRST_LINE_TIMEOUT_MS : now - heardAt > SILENCE_TIMEOUT_MS) {
      const what = heardAt === 0 ? 'started' : 'printed anything';
      fail(new Error(`The in-editor suite has not ${what} for ${(heardAt === 0 ? FIRST_LINE_TIMEOUT_MS : SILENCE_TIMEOUT_MS) / 1000} s.`));
    }
  }, 1000);
  try {
    await page.goto(
      server.address(wanted.folder, [
        ['extensionDevelopmentPath', server.uri(wanted.extensionDevelopmentPath)],
        ['extensionTestsPath', server.uri(wanted.extensionTestsPath)],
        ['skipWelcome', 'true'],
      ]),
    );
    return await exit;
  } catch (error) {
    const picture = path.join(wanted.userDataDir, 'failed.png');
    await page.screenshot({ path: picture }).catch(() => undefined);
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}\nScreen: ${picture}\nLogs: ${logFile}, ${server.logFile}\nErrors of the page:\n${problems.slice(-10).join('\n')}`, { cause: error });
  } finally {
    clearInterval(watch);
  }
}
