/** The NVIDIA cards of this machine, as `nvidia-smi` tells them; none where it is missing, fails or says something else. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Card } from '../protocol/cards.ts';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1 << 20;
const UUID = '(?:GPU|MIG)-[0-9A-Za-z-]{8,64}';
/** index, uuid, name, memory.total, memory.used; memory is [N/A] where it is the machine's own. */
const CARD = new RegExp(`^(\\d{1,3}), (${UUID}), ([\\w .()/+-]{1,100}), (\\d{1,9}|\\[N/A\\]), (\\d{1,9}|\\[N/A\\])$`);
/** pid, uuid, used_memory */
const PROCESS = new RegExp(`^(\\d{1,10}), (${UUID}), (\\d{1,9})$`);

/**
 * Cards that this process may use: those that CUDA_VISIBLE_DEVICES names, in its order, all where it is not set. Numbers in it are
 * taken as `nvidia-smi` counts (CUDA_DEVICE_ORDER=PCI_BUS_ID).
 */
export async function nvidiaCards(visible: string | undefined = process.env.CUDA_VISIBLE_DEVICES): Promise<Card[]> {
  const cards = (await ask(['--query-gpu=index,uuid,name,memory.total,memory.used'])).flatMap((line) => {
    const [, index, uuid, name, total, used] = CARD.exec(line) ?? [];
    return uuid === undefined ? [] : [{ index, card: { uuid, name, memoryMiB: amountOf(total), takenMiB: amountOf(used) } }];
  });
  if (visible === undefined) return cards.map(({ card }) => card);
  // CUDA stops at the first that it does not know.
  const found: Card[] = [];
  for (const wanted of visible.split(',').map((part) => part.trim())) {
    const known = cards.find(({ index, card: { uuid } }) => wanted === index || (wanted.length > 4 && uuid.startsWith(wanted)));
    if (known === undefined) break;
    found.push(known.card);
  }
  return found;
}

/** Mebibytes that a process has on its cards; null where that is not told, as in a container with process numbers of its own. */
export async function cardMemoryOf(pid: number): Promise<number | null> {
  const own = (await ask(['--query-compute-apps=pid,gpu_uuid,used_memory'])).flatMap((line) => {
    const [, found, , used] = PROCESS.exec(line) ?? [];
    return Number(found) === pid ? [Number(used)] : [];
  });
  return own.length === 0 ? null : own.reduce((sum, used) => sum + used, 0);
}

/**
 * The value of CUDA_VISIBLE_DEVICES with which a process sees one card of those it was given: a library that sees more takes
 * memory on all.
 */
export function firstOf(visible: string | undefined): string {
  return visible === undefined ? '0' : visible.split(',')[0].trim();
}

async function ask(query: string[]): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', [...query, '--format=csv,noheader,nounits'], { timeout: TIMEOUT_MS, maxBuffer: MOST_BYTES, windowsHide: true });
    return stdout.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  } catch {
    return [];
  }
}

function amountOf(text: string): number | null {
  return text === '[N/A]' ? null : Number(text);
}
