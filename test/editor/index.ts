/** What VS Code loads and runs inside its extension host. Every `*.test.ts` of this folder is part of the suite. */
/// <reference types="webpack/module" />
import { writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import Mocha from 'mocha';
import { SUITE_LINE } from '../host/suite-line.ts';

/** A cold start of a trainer on a busy machine takes seconds; the whole tiny run, some ten. */
const TEST_TIMEOUT_MS = 120_000;

/** @throws Error with the number of failed tests. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const mocha = new Mocha({ ui: 'bdd', timeout: TEST_TIMEOUT_MS, reporter: SuiteLines });
  if (process.env.STARSSE_SUITE_FILTER) mocha.fgrep(process.env.STARSSE_SUITE_FILTER);
  const files = import.meta.webpackContext('.', { regExp: /\.test\.ts$/ });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  for (const file of files.keys()) files(file);
  say('The suite starts');
  const failed = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failed > 0) throw new Error(`${failed} tests failed inside the editor`);
}

function say(text: string): void {
  console.log(text.split('\n').map((line) => `${SUITE_LINE}${line}`).join('\n'));
}

/** Prints a line a test and writes the counts to STARSSE_SUITE_REPORT at the end. */
class SuiteLines extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('suite', (suite) => suite.title && say(suite.title));
    runner.on('pass', (test) => say(`  ✔ ${test.title} (${test.duration} ms)`));
    runner.on('pending', (test) => say(`  - ${test.title}: skipped`));
    runner.on('fail', (test, error) => say(`  ✖ ${test.title}\n${error instanceof Error ? (error.stack ?? error.message) : inspect(error)}`));
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const report = process.env.STARSSE_SUITE_REPORT;
      if (report) writeFileSync(report, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
}
