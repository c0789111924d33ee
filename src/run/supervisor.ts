/** Door: `supervisor.js <run>` brings one run to its end. Started detached by `startSupervisor`; its words go to supervisor.log. */
import { requestStop } from './requests.ts';
import { supervise } from './supervise.ts';
import { StarsseError } from '../protocol/errors.ts';

const EXIT_CODES = { done: 0, failed: 1, stopped: 3 } as const;

async function main(folder: string | undefined): Promise<number> {
  if (folder === undefined) throw new StarsseError('usage', 'no run folder was given', { hint: 'supervisor.js <run folder>' });
  const log = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    // Trainers, also those of an earlier supervisor, read the request.
    process.on(signal, () => {
      log(`${signal}: stopping`);
      requestStop(folder).catch((error: unknown) => log(String(error)));
    });
  }
  const outcome = await supervise(folder, log);
  log(outcome);
  return EXIT_CODES[outcome];
}

main(process.argv[2]).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { code, message, hint, cause } = StarsseError.from(error).toJSON();
    console.error([`${new Date().toISOString()} ${code}: ${message}`, hint, cause].filter((text) => text !== undefined).join('\n'));
    process.exitCode = code === 'usage' ? 2 : 1;
  },
);
