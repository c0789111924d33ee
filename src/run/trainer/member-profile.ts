/** What a profiled training leaves: its totals in profile.json, over all starts, and the trace of its last start in trace.json. */
import { rm } from 'node:fs/promises';
import { Profile } from '../../core/profile.ts';
import { emptyProfile, ProfileSchema } from '../../protocol/profile.ts';
import type { Member, Run } from '../../protocol/run.ts';
import { readJsonInside, runFiles } from '../folder.ts';
import { Trace } from '../records/trace.ts';
import { replaceFile, replaceJson } from '../write.ts';

export class MemberProfile {
  readonly profile: Profile;
  readonly #folder: string;
  readonly #run: Run;
  readonly #member: Member;
  readonly #trace: Trace;

  private constructor(folder: string, run: Run, member: Member, profile: Profile, trace: Trace) {
    this.#folder = folder;
    this.#run = run;
    this.#member = member;
    this.profile = profile;
    this.#trace = trace;
  }

  /**
   * The totals go on from those of the saved moment that training goes on from; the trace begins anew.
   * @param step from where on it trains
   * @returns null for a run that is not profiled
   * @throws StarsseError file-invalid
   */
  static async open(folder: string, run: Run, member: Member, step: number): Promise<MemberProfile | null> {
    if (run.profile !== true) return null;
    const before = step === 0 ? null : await readJsonInside(folder, runFiles.profile(folder, member.name), ProfileSchema);
    await rm(runFiles.trace(folder, member.name), { force: true });
    const trace = new Trace();
    const profile = new Profile(before ?? emptyProfile(), (at, spans) => trace.add(at, spans));
    return new MemberProfile(folder, run, member, profile, trace);
  }

  /** With every save, so that no step counts twice after a kill. @throws StarsseError disk */
  async save(): Promise<void> {
    await replaceJson(runFiles.profile(this.#folder, this.#member.name), this.profile.totals);
  }

  /** @throws StarsseError disk */
  async writeTrace(): Promise<void> {
    const trace = this.#trace.toJson(`${this.#run.plan.name}, ${this.#run.id}`, this.#member.name);
    await replaceFile(runFiles.trace(this.#folder, this.#member.name), [JSON.stringify(trace)]);
  }
}
