/** What NVIDIA cards do at this moment, as `nvidia-smi` tells it. Where that program is missing it is not asked again. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CardUse } from '../../protocol/resources.ts';

const TIMEOUT_MS = 5_000;
const MIB = 2 ** 20;
const QUERY = ['--query-gpu=uuid,name,utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits'];

/** Runs a program and gives what it writes. */
export type Ask = (program: string, args: string[]) => Promise<string>;

export const askProgram: Ask = async (program, args) => (await promisify(execFile)(program, args, { timeout: TIMEOUT_MS, maxBuffer: MIB, windowsHide: true })).stdout;

export class CardsInUse {
  readonly #ask: Ask;
  #isMissing = false;

  constructor(ask: Ask = askProgram) {
    this.#ask = ask;
  }

  /** @param uuids the cards that trainers have; of others nothing is told. */
  async look(uuids: readonly string[]): Promise<CardUse[]> {
    if (uuids.length === 0 || this.#isMissing) return [];
    try {
      return cardsIn(await this.#ask('nvidia-smi', QUERY)).filter(({ uuid }) => uuids.includes(uuid));
    } catch (error) {
      this.#isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      return [];
    }
  }
}

/** The lines of nvidia-smi; a figure that the driver does not tell is null. */
function cardsIn(text: string): CardUse[] {
  return text.split('\n').flatMap((line) => {
    const cells = line.split(', ').map((cell) => cell.trim());
    if (cells.length !== 5) return [];
    const [busy, used, total] = cells.slice(2).map((cell) => (/^\d+(\.\d+)?$/.test(cell) ? Number(cell) : null));
    const bytes = (mebibytes: number | null): number | null => (mebibytes === null ? null : mebibytes * MIB);
    return [{ uuid: cells[0], name: cells[1], busy: busy === null ? null : busy / 100, usedBytes: bytes(used), totalBytes: bytes(total) }];
  });
}
