/** The end of a command: what is printed and the exit code. Progress goes to stderr, and only to a person. */
import type { ErrorCode } from '../../protocol/errors.ts';
import { StarsseError } from '../../protocol/errors.ts';
import type { MemberView, RunStatus, RunView } from '../../protocol/run.ts';
import type { Progress } from '../task-lines.ts';
import { profileJson, profileTable, type MemberTotals } from './profile.ts';
import { resultTable } from './result-table.ts';

/** Exit codes of all programs. */
export const DONE = 0;
export const FAILED = 1;
export const MISTAKE = 2;
export const STOPPED = 3;

/** What the user can mend by typing something else. */
const MISTAKES: readonly ErrorCode[] = ['usage', 'plan-invalid', 'clones', 'data-missing', 'data-invalid', 'file-missing', 'run-busy', 'backend-missing', 'mismatch', 'file-invalid'];

export function exitCodeOf(error: StarsseError): number {
  return MISTAKES.includes(error.code) ? MISTAKE : FAILED;
}

/** One object on stdout and nothing else. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLines(lines: string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** The error in one line, what to do in the next; its cause when it is not the user's mistake. */
export function printError(error: unknown, json: boolean): number {
  const known = StarsseError.from(error);
  const { code, message, hint, cause } = known.toJSON();
  const exitCode = exitCodeOf(known);
  if (json) printJson({ error: known.toJSON() });
  const lines = [`starsse: ${oneLine(message)}`];
  if (hint !== undefined) lines.push(`  ${oneLine(hint)}`);
  if (exitCode === FAILED && cause !== undefined && code !== 'cancelled') lines.push(cause);
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
  return exitCode;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

/** Progress of a task: replaced in place on a terminal; elsewhere a line for each new topic (what is before a colon), and none beside a JSON object. */
export function taskProgress(json: boolean): { onProgress: (progress: Progress) => void; clear: () => void } {
  const { stderr } = process;
  const erase = '\r\x1b[K';
  let last = '';
  if (stderr.isTTY) {
    return {
      onProgress: ({ fraction, message }) => {
        const share = fraction === null ? '' : `${Math.round(100 * fraction)} % `;
        stderr.write(`${erase}${`${share}${message}`.slice(0, (stderr.columns || 80) - 1)}`);
      },
      clear: () => stderr.write(erase),
    };
  }
  return {
    onProgress: ({ message }) => {
      const [topic] = message.split(':');
      if (!json && topic !== last) stderr.write(`${message}\n`);
      last = topic;
    },
    clear: () => undefined,
  };
}

/**
 * The end of a followed run; one of which members failed is no success, though it has a table.
 * @param profiles of its members, where it was profiled
 * @returns the exit code
 */
export function reportRun(run: RunView, left: boolean, json: boolean, profiles: MemberTotals[] = []): number {
  if (json) {
    const { id, folder, status, results, error } = run;
    printJson({ id, folder, status, failed: failedMembers(run).map(({ member }) => member.name), table: results, error, ...(profiles.length === 0 ? {} : { profile: profileJson(profiles) }) });
  } else if (left) {
    printLines([`The run goes on: starsse watch ${run.folder}`]);
  } else {
    if (run.status === 'done' && run.results !== null) printLines(['', ...resultTable(run.results), '']);
    if (profiles.length > 0) printLines([...profileTable(profiles), '']);
    printLines([...WORDS[run.status](run), `Run folder: ${run.folder}`]);
  }
  if (left) return DONE;
  if (run.status === 'done') return failedMembers(run).length === 0 ? DONE : FAILED;
  return run.status === 'stopped' ? STOPPED : FAILED;
}

const failure = ({ error }: RunView): string[] => (error === null ? [] : [`  ${oneLine(error.message)}`, ...(error.hint === undefined ? [] : [`  ${oneLine(error.hint)}`])]);

const failedMembers = ({ members }: RunView): MemberView[] => members.filter(({ state }) => state.status === 'failed');

/** Why members failed, and the command that tries them again. */
function failures(run: RunView): string[] {
  const failed = failedMembers(run);
  if (failed.length === 0) return [];
  return [
    `${failed.length} of ${run.members.length} members failed and ${failed.length === 1 ? 'is' : 'are'} not in the table:`,
    ...failed.map(({ member, state }) => `  ${member.name}: ${oneLine(state.error?.message ?? '')}`),
    `Try again at half the learning rate: starsse retry ${run.folder}`,
  ];
}

const goOn = (word: string) => (run: RunView): string[] => [`The run ${word}.`, ...failure(run), `Go on with: starsse resume ${run.folder}`];

const WORDS: Record<RunStatus, (run: RunView) => string[]> = {
  done: failures,
  running: () => [],
  evaluating: () => [],
  queued: goOn('did not start'),
  stopped: goOn('was stopped'),
  interrupted: goOn('was interrupted'),
  failed: goOn('failed'),
};
