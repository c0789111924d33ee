import type { Row } from '../../protocol/rows.ts';
import type { RunView } from '../../protocol/run.ts';
import { runFiles } from '../../run/folder.ts';
import { RowReader } from '../../run/rows.ts';
import { viewRun } from '../../run/view.ts';
import type { RunSource } from './runFollower.ts';

/** A run folder, each member's log read from where the last read stopped. */
export class FolderSource implements RunSource {
  readonly #folder: string;
  readonly #readers = new Map<string, RowReader>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  view(): Promise<RunView> {
    return viewRun(this.#folder);
  }

  async newRows(member: string): Promise<{ rows: Row[]; restarted: boolean }> {
    let reader = this.#readers.get(member);
    if (reader === undefined) this.#readers.set(member, (reader = new RowReader(runFiles.rows(this.#folder, member))));
    let rows: Row[] = [];
    let restarted = false;
    for (let more = true; more; ) {
      const batch = await reader.read();
      if (batch.restarted) {
        restarted = true;
        rows = [];
      }
      rows = rows.concat(batch.rows);
      more = batch.more;
    }
    return { rows, restarted };
  }
}
