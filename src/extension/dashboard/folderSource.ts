import type { RunView } from '../../protocol/run.ts';
import { runFiles } from '../../run/folder.ts';
import { viewRun } from '../../run/view.ts';
import type { MemberLog } from './memberFeed.ts';
import { RowLog } from './rowLog.ts';
import type { RunSource } from './runFollower.ts';

/** A run folder, each member's log read from where the last read stopped. */
export class FolderSource implements RunSource {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  view(): Promise<RunView> {
    return viewRun(this.#folder);
  }

  log(member: string, limit: number): MemberLog {
    return new RowLog(runFiles.rows(this.#folder, member), limit);
  }
}
