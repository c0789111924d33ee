import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { FAILED, type Count } from './count.ts';
import { CACHE, command, ROOT } from './command.ts';

const COUNTS = path.join(CACHE, 'counts.json');
/** Programs of the tests are started from their sources hundreds of times: types are taken out and code is compiled once. */
const COMPILED = path.join(CACHE, 'compiled');
/** One test; a whole layer has a budget of minutes. */
const TEST_TIMEOUT_MS = 600_000;

/**
 * Runs the test files of some folders with node:test.
 * @param folders relative to test/.
 * @param filter keeps the files whose path contains it.
 */
export async function nodeTests(folders: string[], filter: string, concurrency: number): Promise<Count> {
  const files = folders.flatMap((folder) => globSync(`test/${folder}/**/*.test.ts`, { cwd: ROOT })).filter((file) => file.includes(filter));
  if (files.length === 0) {
    console.error(`No test file in ${folders.map((folder) => `test/${folder}`).join(', ')}${filter ? ` has "${filter}" in its path` : ''}.`);
    return FAILED;
  }
  mkdirSync(CACHE, { recursive: true });
  rmSync(COUNTS, { force: true });
  const code = await command(process.execPath, [
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--disable-warning=ExperimentalWarning',
    '--test', `--test-concurrency=${concurrency}`, `--test-timeout=${TEST_TIMEOUT_MS}`,
    '--test-reporter=spec', '--test-reporter-destination=stdout',
    '--test-reporter=./test/runner/count-reporter.mjs', `--test-reporter-destination=${COUNTS}`,
    ...files,
  ], { NODE_COMPILE_CACHE: COMPILED });
  return counts(code);
}

/** A run that failed without a failed test (a crash of the runner) has failed all the same. */
function counts(code: number): Count {
  let count = FAILED;
  try {
    count = JSON.parse(readFileSync(COUNTS, 'utf8')) as Count;
  } catch (error) {
    console.error(`The test run left no counts: ${String(error)}`);
  }
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}
