import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { until } from './until.ts';
import { api, workspaceFolder } from './window.ts';

/** Commands of processes that name this workspace's runs; Linux only. */
function processesOf(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((command) => command.includes(`${folder}${path.sep}`));
}

describe('after all', () => {
  it('nothing is left running: no supervisor, no trainer, no timer of the catalog', async () => {
    const runs = path.join(workspaceFolder(), '.starsse/runs');
    const folders = readdirSync(runs).map((name) => path.join(runs, name));
    assert.ok(folders.length >= 3, `only ${folders.length} runs were made`);
    await until('the processes of the runs to end', () => processesOf(runs).length === 0, 10_000);
    for (const folder of folders) assert.ok(!existsSync(path.join(folder, 'supervisor.json')), `${folder} has a supervisor`);
    assert.deepEqual((await api()).catalog.live, []);
  });
});
