import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canBeStartedFrom, generations, mostAtOnce, readyMembers } from '../../src/protocol/members.ts';
import type { Member } from '../../src/protocol/run.ts';
import { chooseShare, threadsOf, threadsOfTasks, type StepTime } from '../../src/protocol/shares.ts';

/** Members by what each starts from: 0 is the checkpoint. */
function members(...starts: number[]): Member[] {
  return starts.map((start, index) => ({
    name: `member-${index + 1}`, startsFrom: start === 0 ? 'pretrained' : `member-${start}`, seed: index, headSeed: null, probe: null, epochs: 4, learningRate: 0.1,
    warmupEpochs: 0, warmup: 'rise', warmupLearningRate: 0, schedule: 'cosine', scheduleBy: 'epoch', swa: null, ema: null, retries: [], resetOptimizer: true,
  }));
}

const two = { cores: 2, threaded: true, workers: null, threads: null };
const star = members(0, 1, 1, 1, 1);
const chain = members(0, 1, 2);

function share(of: Member[], machine: Partial<Parameters<typeof chooseShare>[1]> = {}, measured: StepTime[] = []): number[] {
  const { workers, threads, threadsAlone } = chooseShare(of, { ...two, ...machine }, measured);
  return [workers, threads, threadsAlone];
}

test('members become ready in generations, and a trained one is a start while its predictions are made', () => {
  assert.deepEqual(generations(star).map((group) => group.length), [1, 4]);
  assert.deepEqual(generations(chain).map((group) => group.length), [1, 1, 1]);
  assert.deepEqual([mostAtOnce(star), mostAtOnce(chain), mostAtOnce(members(0, 0, 0))], [4, 1, 3]);
  assert.deepEqual(readyMembers(star, []).map(({ name }) => name), ['member-1']);
  assert.deepEqual(readyMembers(star, ['member-2'], ['member-1', 'member-2']).map(({ name }) => name), ['member-1', 'member-3', 'member-4', 'member-5']);
  assert.equal(canBeStartedFrom({ status: 'running' }), false);
  assert.equal(canBeStartedFrom({ status: 'running', trainedAt: '2026-01-01T00:00:00.000Z' }), true);
  assert.equal(canBeStartedFrom({ status: 'failed', trainedAt: '2026-01-01T00:00:00.000Z' }), false);
  assert.equal(canBeStartedFrom({ status: 'done' }), true);
});

test('a member that has nobody beside it by the order of starts takes the threads for one alone', () => {
  const run = { members: star, threads: 1, threadsAlone: 2 };
  assert.deepEqual(star.map(({ name }) => threadsOf(run, name)), [2, 1, 1, 1, 1]);
  assert.deepEqual(chain.map(({ name }) => threadsOf({ ...run, members: chain }, name)), [2, 2, 2]);
  assert.deepEqual(star.map(({ name }) => threadsOf({ members: star, threads: 3 }, name)), [3, 3, 3, 3, 3], 'runs of before');
  assert.deepEqual([threadsOfTasks(run), threadsOfTasks({ threads: 3 })], [2, 3]);
});

test('where nothing was timed, arms share the cores and member 1 has them all; what the user asks for holds', () => {
  assert.deepEqual(share(star), [2, 1, 2]);
  assert.deepEqual(share(star, { cores: 4 }), [4, 1, 4]);
  assert.deepEqual(share(chain), [1, 2, 2]);
  assert.deepEqual(share(members(0, 1, 1, 1)), [1, 2, 2], 'three arms: two rounds of one thread take longer than three of two');
  assert.deepEqual(share(members(0, 1, 1, 1), { threaded: false }), [2, 1, 2], 'threads are worth nothing where a step uses one');
  assert.deepEqual(share(star, { threads: 1 }), [2, 1, 1]);
  assert.deepEqual(share(star, { workers: 1 }), [1, 2, 2]);
  assert.deepEqual(share(star, { workers: 3, threads: 2 }), [3, 2, 2]);
  assert.match(chooseShare(star, { ...two, workers: 3 }, []).reason, /^3 trainers of 1 thread each, 2 threads for a member alone: as asked for \(workers\)$/);
});

test('times that were taken here decide when they promise a tenth; others are estimated from them', () => {
  const alone = (ms: number): StepTime => ({ workers: 1, threads: 2, ms });
  const beside = (ms: number): StepTime => ({ workers: 2, threads: 1, ms });
  assert.deepEqual(share(star, {}, [alone(60), beside(90)]), [2, 1, 2]);
  // 52 + 2 * 106 = 264 against 5 * 52 = 260: no tenth. 60 + 2 * 200 = 460 against 300: more than one.
  assert.deepEqual(share(star, {}, [alone(52), beside(106)]), [2, 1, 2]);
  assert.deepEqual(share(star, {}, [alone(60), beside(200)]), [1, 2, 2]);
  assert.deepEqual(share(star, {}, [{ workers: 1, threads: 1, ms: 40 }, alone(60), beside(42)]), [2, 1, 1], 'threads that slow a step down');
  assert.match(chooseShare(star, two, [alone(60)]).reason, /1 x 2: 60\.0 ms/);
  assert.match(chooseShare(star, two, []).reason, /no step of this kind was timed/);
});
