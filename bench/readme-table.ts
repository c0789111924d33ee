/** README's table of measured figures: a row for each result of each bench, between two comments. */
import { limitsText, spreadText, type Result } from './report.ts';

export const BEGIN = '<!-- Written by `npm run bench` from here -->';
export const END = '<!-- to here -->';
const HEAD = '| command | what | measured (range) | on |\n|---|---|---|---|';
const NOT_YET = 'not measured yet';

/** Of one bench. */
export interface Measured {
  command: string;
  results: readonly Result[];
}

/** When and where it was measured. */
export interface Setting {
  /** Every bench, in the order of the table. */
  commands: readonly string[];
  /** 2026-11-26 */
  day: string;
  /** Processor and versions. */
  machine: string;
}

/**
 * The text with new rows for what was measured. Rows of other benches stay when they are of the same machine and versions, which stand
 * above the table; else they are told to be measured anew, since the table speaks of one machine.
 * @throws Error when the text has no such table
 */
export function replaceRows(readme: string, measured: readonly Measured[], { commands, day, machine }: Setting): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('README has no place for the table: the two comments are missing');
  const old = readme.slice(begin + BEGIN.length, end);
  const above = `Measured on ${machine}.`;
  const before = old.includes(above) ? rowsOf(old) : new Map<string, string[]>();
  const rows = commands.flatMap((command) => {
    const fresh = measured.find((each) => each.command === command);
    return fresh?.results.map((result) => row(command, result, day)) ?? before.get(command) ?? [`| \`${command}\` | | ${NOT_YET} | |`];
  });
  return `${readme.slice(0, begin)}${BEGIN}\n${above}\n\n${HEAD}\n${rows.join('\n')}\n${readme.slice(end)}`;
}

/** The rows of each command. */
export function rowsOf(table: string): Map<string, string[]> {
  const rows = new Map<string, string[]>();
  for (const line of table.split('\n')) {
    const command = /^\| `([^`]+)` \|/.exec(line)?.[1];
    if (command !== undefined) rows.set(command, [...(rows.get(command) ?? []), line]);
  }
  return rows;
}

function row(command: string, result: Result, day: string): string {
  const { what, value } = result;
  const cells = [`\`${command}\``, what, `${typeof value === 'string' ? value : spreadText(value)}${limitsText(result)}`, day];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
