/**
 * `npm run bench`: runs every bench in turn and rewrites the table of README, each row with its date. `npm run bench -- safetensors
 * soup` runs those alone and replaces their rows; `--list` names them; `--dry-run` leaves README as it is. Ends with code 1 when one of them failed or
 * did not keep a promise. A new bench joins by one line of `benches.ts`.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHES, commandOf, type Bench } from './benches.ts';
import { machine } from './machine.ts';
import { replaceRows, type Measured } from './readme-table.ts';
import { AS_JSON, kept, type Result } from './report.ts';

const README = path.join(import.meta.dirname, '../README.md');

const { values, positionals } = parseArgs({ allowPositionals: true, options: { list: { type: 'boolean' }, 'dry-run': { type: 'boolean' } } });
const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`no bench is called ${unknown.join(', ')}; there are ${BENCHES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const chosen = positionals.length === 0 ? BENCHES : BENCHES.filter(({ name }) => positionals.includes(name));
if (values.list) for (const bench of chosen) console.log([bench.name.padEnd(20), bench.file, ...bench.args].join(' '));
else await runAll(chosen);

async function runAll(benches: readonly Bench[]): Promise<void> {
  const measured: Measured[] = [];
  for (const bench of benches) {
    console.log(`\n== ${[bench.name, bench.file, ...bench.args].join(' ')}`);
    const { results, code } = await run(bench);
    if (code !== 0 || !results.every(kept)) process.exitCode = 1;
    if (results.length === 0) console.error(`${bench.name} ended with code ${code} and without a result; its rows stay as they were`);
    else measured.push({ command: commandOf(bench), results });
  }
  if (values['dry-run']) return;
  const commands = BENCHES.map(commandOf);
  const text = replaceRows(readFileSync(README, 'utf8'), measured, { commands, day: new Date().toISOString().slice(0, 10), machine: machine() });
  writeFileSync(README, text);
}

/** What it prints goes through; lines of results are gathered. */
async function run({ file, args }: Bench): Promise<{ results: Result[]; code: number | null }> {
  const child = spawn(process.execPath, [...process.execArgv, path.join(import.meta.dirname, file), ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, [AS_JSON]: '1' } });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  const results: Result[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line);
    if (line.startsWith('{"bench":')) results.push((JSON.parse(line) as { bench: Result }).bench);
  }
  return { results, code: await ended };
}
