/** An `nvidia-smi` on the PATH that says what a test wants. */
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../run/temporary-folder.ts';

export const UUIDS = ['GPU-11111111-aaaa-bbbb-cccc-000000000001', 'GPU-22222222-aaaa-bbbb-cccc-000000000002'] as const;

/** A line of the query for cards. */
export function cardLine(index: number, uuid: string, { name = 'NVIDIA H100 80GB HBM3', total = '81559', used = '4' } = {}): string {
  return `${index}, ${uuid}, ${name}, ${total}, ${used}`;
}

/** @param cards lines of the query for cards. @param processes lines of that for processes; @returns its folder, first on the PATH until the test ends */
export function fakeNvidiaSmi(t: TestContext, { cards = [], processes = [], exitCode = 0 }: { cards?: string[]; processes?: string[]; exitCode?: number }): string {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'nvidia-smi');
  const says = (lines: string[]): string => `cat <<END\n${lines.map((line) => `${line}\n`).join('')}END`;
  writeFileSync(file, `#!/bin/sh\ncase "$1" in\n--query-gpu=index,uuid,name,memory.total,memory.used)\n${says(cards)}\n;;\n--query-compute-apps=pid,gpu_uuid,used_memory)\n${says(processes)}\n;;\n*) exit 9 ;;\nesac\nexit ${exitCode}\n`);
  chmodSync(file, 0o755);
  const before = process.env.PATH ?? '';
  process.env.PATH = `${folder}${path.delimiter}${before}`;
  t.after(() => {
    process.env.PATH = before;
  });
  return folder;
}
