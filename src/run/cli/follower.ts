/** What a terminal shows of a run that goes on: its view and, of each member, the latest rows. */
import type { EpochRow, StepRow } from '../../protocol/rows.ts';
import type { MemberView, RunView } from '../../protocol/run.ts';
import { runFiles } from '../folder.ts';
import { RowReader } from '../rows.ts';
import { viewRun } from '../view.ts';

export interface FollowedMember {
  view: MemberView;
  step: StepRow | null;
  epoch: EpochRow | null;
  /** Epoch rows since the last look. */
  newEpochs: EpochRow[];
}
export interface Look {
  run: RunView;
  members: FollowedMember[];
}

export class Follower {
  readonly #folder: string;
  readonly #members = new Map<string, { reader: RowReader; step: StepRow | null; epoch: EpochRow | null }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async look(): Promise<Look> {
    const run = await viewRun(this.#folder);
    const members: FollowedMember[] = [];
    for (const view of run.members) members.push(await this.#member(view));
    return { run, members };
  }

  async #member(view: MemberView): Promise<FollowedMember> {
    const { name } = view.member;
    let latest = this.#members.get(name);
    if (latest === undefined) this.#members.set(name, (latest = { reader: new RowReader(runFiles.rows(this.#folder, name)), step: null, epoch: null }));
    const newEpochs: EpochRow[] = [];
    for (let more = true; more; ) {
      const batch = await latest.reader.read();
      more = batch.more;
      for (const row of batch.rows) {
        if (row.kind === 'step') latest.step = row;
        else if (row.kind === 'epoch') newEpochs.push((latest.epoch = row));
      }
    }
    return { view, step: latest.step, epoch: latest.epoch, newEpochs };
  }
}
