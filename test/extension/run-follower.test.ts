import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToView } from '../../src/protocol/messages.ts';
import type { Row } from '../../src/protocol/rows.ts';
import { applyResumes } from '../../src/run/rows.ts';
import type { MemberLog } from '../../src/extension/dashboard/memberFeed.ts';
import { RunFollower, type RunSource } from '../../src/extension/dashboard/runFollower.ts';
import { inOrder, thinnedSteps } from '../../src/extension/dashboard/thinned.ts';
import { epochRow, stepRow } from './rows.ts';
import { runView } from './run-view.ts';

/** A log whose file is a list in memory. */
class MemoryLog implements MemberLog {
  readonly #limit: number;
  #all: Row[] = [];
  waiting: Row[] = [];
  restarted = false;
  broken: Error | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get rows(): Row[] {
    const steps = thinnedSteps(this.#limit);
    const kept = applyResumes(this.#all);
    for (const row of kept) if (row.kind === 'step') steps.add(row);
    return inOrder(steps.rows, kept.filter((row) => row.kind === 'epoch'));
  }

  async readOn(): Promise<Row[] | null> {
    if (this.broken !== null) throw this.broken;
    const rows = this.waiting;
    this.waiting = [];
    this.#all = this.restarted ? rows : [...this.#all, ...rows];
    return this.restarted ? null : rows;
  }

  async range(from: number, to: number): Promise<Row[]> {
    return applyResumes(this.#all).filter(({ step }) => step >= from && step <= to);
  }
}

class MemorySource implements RunSource {
  readonly run = runView({ members: 2 });
  readonly #logs = new Map<string, MemoryLog>();

  async view(): ReturnType<RunSource['view']> {
    return structuredClone(this.run);
  }

  log(member: string, limit = 2000): MemoryLog {
    const log = this.#logs.get(member) ?? new MemoryLog(limit);
    this.#logs.set(member, log);
    return log;
  }

  add(member: string, ...rows: Row[]): void {
    this.log(member).waiting.push(...rows);
  }
}

/** A view as the protocol describes it: what it knows of member 1's rows, from the messages alone. */
class View {
  readonly messages: ToView[] = [];
  readonly rows = new Map<string, Row[]>();
  readonly counts = new Map<string, number>();

  receive(message: ToView): void {
    this.messages.push(message);
    if (message.type === 'snapshot') {
      for (const { member, rows } of message.rows) {
        this.rows.set(member, rows);
        this.counts.set(member, rows.length);
      }
    } else if (message.type === 'append') {
      const count = this.counts.get(message.member) ?? 0;
      assert.equal(message.from, count, `a gap in ${message.member}`);
      this.counts.set(message.member, count + message.rows.length);
      this.rows.set(message.member, applyResumes([...(this.rows.get(message.member) ?? []), ...message.rows]));
    }
  }

  get types(): string[] {
    return this.messages.map(({ type }) => type);
  }
}

function follow(rowsAMember?: number): { source: MemorySource; view: View; follower: RunFollower } {
  const source = new MemorySource();
  for (const member of ['member-1', 'member-2']) source.log(member, rowsAMember);
  const view = new View();
  const follower = new RunFollower(source, { post: (message) => view.receive(message), tasks: () => [], texts: { a: 'b' }, rowsAMember });
  return { source, view, follower };
}

test('a snapshot on ready, then only what is new', async () => {
  const { source, view, follower } = follow();
  source.add('member-1', stepRow(1), stepRow(2));
  await follower.ready();
  source.add('member-1', stepRow(3));
  await follower.tick();
  await follower.tick();
  assert.deepEqual(view.types, ['snapshot', 'append']);
  assert.deepEqual(view.messages[1], { type: 'append', member: 'member-1', from: 2, rows: [stepRow(3)] });
});

test('nothing before ready, nothing once hidden, everything after ready again', async () => {
  const { source, view, follower } = follow();
  source.add('member-1', stepRow(1));
  await follower.tick();
  assert.deepEqual(view.types, []);
  await follower.ready();
  follower.hide();
  source.add('member-1', stepRow(2));
  await follower.tick();
  assert.deepEqual(view.types, ['snapshot']);
  source.add('member-1', stepRow(3));
  await follower.ready();
  assert.deepEqual(view.rows.get('member-1'), [stepRow(1), stepRow(2), stepRow(3)]);
});

test('a run message when the picture changed', async () => {
  const { source, view, follower } = follow();
  await follower.ready();
  source.run.status = 'evaluating';
  await follower.tick();
  await follower.tick();
  assert.deepEqual(view.types, ['snapshot', 'run']);
});

test('resume rows pass through, count, and never come back in a snapshot', async () => {
  const { source, view, follower } = follow();
  source.add('member-1', ...[1, 2, 3, 4].map((step) => stepRow(step)));
  await follower.ready();
  source.add('member-1', { kind: 'resume', step: 2 }, stepRow(3, 9));
  await follower.tick();
  source.add('member-1', stepRow(4, 9));
  await follower.tick();
  const expected = [stepRow(1), stepRow(2), stepRow(3, 9), stepRow(4, 9)];
  assert.deepEqual(view.rows.get('member-1'), expected);
  await follower.ready();
  assert.deepEqual(view.rows.get('member-1'), expected);
});

test('a long run is thinned, and the view gets a new snapshot instead of a wrong append', async () => {
  const { source, view, follower } = follow(40);
  await follower.ready();
  for (let step = 1; step <= 1000; step++) {
    source.add('member-1', stepRow(step, step === 123 ? 99 : 1));
    if (step % 10 === 0) source.add('member-1', epochRow(step / 10 - 1));
    if (step % 7 === 0) await follower.tick();
  }
  await follower.tick();
  const kept = (view.rows.get('member-1') ?? []).filter((row) => row.kind === 'step');
  assert.ok(view.types.filter((type) => type === 'snapshot').length > 2);
  assert.ok(kept.length <= 80, `${kept.length} steps`);
  assert.equal(kept.at(-1)?.step, 1000);
  assert.ok(kept.some(({ loss }) => loss === 99), 'the spike is lost');
});

test('after a failed look no row is lost', async () => {
  const { source, view, follower } = follow();
  await follower.ready();
  source.add('member-1', stepRow(1));
  source.log('member-2').broken = new Error('torn');
  await assert.rejects(follower.tick(), /torn/);
  source.log('member-2').broken = null;
  source.add('member-1', stepRow(2));
  await follower.tick();
  assert.deepEqual(view.rows.get('member-1'), [stepRow(1), stepRow(2)]);
});

test('a file that begins anew replaces what was known', async () => {
  const { source, view, follower } = follow();
  source.add('member-1', stepRow(1), stepRow(2));
  await follower.ready();
  source.log('member-1').restarted = true;
  source.add('member-1', stepRow(1, 7));
  await follower.tick();
  assert.deepEqual(view.rows.get('member-1'), [stepRow(1, 7)]);
});

test('looks that overlap keep the order of rows', async () => {
  const { source, view, follower } = follow();
  await follower.ready();
  const looks: Promise<unknown>[] = [];
  for (let step = 1; step <= 20; step++) {
    source.add('member-1', stepRow(step));
    looks.push(step === 10 ? follower.ready() : follower.tick());
  }
  await Promise.all(looks);
  assert.deepEqual(view.rows.get('member-1')?.map(({ step }) => step), Array.from({ length: 20 }, (_, i) => i + 1));
});

test('between two looks at the whole run only rows of members that train are read', async () => {
  const { source, view, follower } = follow();
  await follower.ready();
  source.run.members[1].state.status = 'done';
  await follower.tick();
  source.run.status = 'evaluating';
  source.add('member-1', stepRow(1));
  source.add('member-2', stepRow(1));
  await follower.tickRows();
  assert.deepEqual(view.types, ['snapshot', 'run', 'append']);
  assert.deepEqual([view.rows.get('member-1'), view.rows.get('member-2')], [[stepRow(1)], []]);
  await follower.tick();
  assert.deepEqual(view.types.slice(3), ['append', 'run']);
});

test('rows of a range on request; of two requests the later one is answered', async () => {
  const { source, view, follower } = follow();
  source.add('member-1', ...[1, 2, 3, 4, 5].map((step) => stepRow(step)));
  await follower.ready();
  const ranges = [{ member: 'member-1', from: 2, to: 3 }, { member: 'member-9', from: 1, to: 2 }];
  await Promise.all([follower.detail(1, [{ member: 'member-1', from: 1, to: 5 }]), follower.detail(2, ranges)]);
  assert.deepEqual(view.messages.slice(1), [{ type: 'detail', id: 2, members: [{ member: 'member-1', from: 2, to: 3, rows: [stepRow(2), stepRow(3)] }] }]);
  follower.hide();
  await follower.detail(3, ranges);
  assert.equal(view.messages.length, 2);
});
