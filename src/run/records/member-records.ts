/** What a trainer tells while it trains: rows to metrics.ndjson, and the same to TensorBoard. */
import type { Row } from '../../protocol/rows.ts';
import type { Member, Run } from '../../protocol/run.ts';
import { runFiles } from '../folder.ts';
import { RowWriter } from '../rows.ts';
import { EventFile, now, removeVoid } from './event-file.ts';
import { hyperParameters, scalars, sessionEnd, sessionStart, text, type HyperParameter } from './tensorboard-events.ts';

export class MemberRecords {
  readonly #rows: RowWriter;
  readonly #events: EventFile;
  /** Of the event files. */
  readonly #folder: string;
  #status: 'done' | 'stopped' | 'failed' = 'failed';
  #last: Record<string, number> = {};
  #step: number;

  private constructor(rows: RowWriter, events: EventFile, folder: string, step: number) {
    this.#rows = rows;
    this.#events = events;
    this.#folder = folder;
    this.#step = step;
  }

  /**
   * Opens the records of a member that trains from `step` on. Where there are rows already, those of later steps are void,
   * here as there.
   * @throws StarsseError disk
   */
  static async open(folder: string, run: Run, member: Member, step: number): Promise<MemberRecords> {
    const rows = await RowWriter.open(runFiles.rows(folder, member.name));
    const own = runFiles.member(folder, member.name);
    try {
      await removeVoid(own, step === 0);
      const events = await EventFile.create(own);
      const records = new MemberRecords(rows, events, own, step);
      if (!rows.isNew) {
        rows.append({ kind: 'resume', step });
        events.append(sessionStart(now(), step + 1));
      }
      // Also after a resume: the plan may be read from any of the files.
      events.append(hyperParameters(now(), parametersOf(run, member)));
      events.append(text(now(), 'plan', planText(run, member)));
      return records;
    } catch (error) {
      await rows.close();
      throw error;
    }
  }

  append(row: Row): void {
    this.#rows.append(row);
    if (row.kind === 'resume') return;
    const values = scalarsOf(row);
    this.#step = row.step;
    if (row.kind === 'epoch') this.#last = values;
    this.#events.append(scalars(now(), row.step, values));
  }

  /** @throws StarsseError disk */
  async flush(): Promise<void> {
    await Promise.all([this.#rows.flush(), this.#events.flush()]);
  }

  /** How the training ended; a training that says nothing has failed. */
  end(status: 'done' | 'stopped'): void {
    this.#status = status;
  }

  /** @throws StarsseError disk */
  async close(): Promise<void> {
    try {
      await this.#rows.close();
    } finally {
      await this.#events.close();
      if (this.#status !== 'stopped') await this.#writeEnd(this.#status);
    }
  }

  async #writeEnd(status: 'done' | 'failed'): Promise<void> {
    const end = await EventFile.create(this.#folder, 'end');
    const final = Object.entries(this.#last).filter(([tag]) => tag.startsWith('validation/'));
    if (status === 'done' && final.length > 0) end.append(scalars(now(), this.#step, Object.fromEntries(final.map(([tag, value]) => [`final/${tag}`, value]))));
    end.append(sessionEnd(now(), status === 'done' ? 'success' : 'failure'));
    await end.close();
  }
}

/** Values of a row by TensorBoard's tags. */
function scalarsOf(row: Exclude<Row, { kind: 'resume' }>): Record<string, number> {
  if (row.kind === 'step') return { 'train/loss': row.loss, 'train/accuracy': row.accuracy, 'train/learning_rate': row.learningRate };
  return {
    'train/epoch_loss': row.trainLoss,
    'validation/loss': row.validationLoss,
    'validation/accuracy': row.validationAccuracy,
    'speed/images_per_second': row.imagesPerSecond,
    ...present({
      'speed/wait_share': row.waitShare,
      'trajectory/distance_to_start': row.distanceToStart,
      'trajectory/distance_to_pretrained': row.distanceToPretrained,
      'trajectory/distance_to_member_1': row.distanceToMember1,
      'trajectory/cosine_to_first': row.cosineToFirst,
    }),
  };
}

function present(values: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).flatMap(([tag, value]) => (value === undefined ? [] : [[tag, value]])));
}

/** The plan and the member, flat: method.cycle.lrRatio, member.learningRate. What is null or an empty list is left out. */
export function parametersOf(run: Pick<Run, 'plan'>, member: Member): Record<string, HyperParameter> {
  return Object.fromEntries([...flat('', run.plan), ...flat('member.', member)]);
}

function flat(prefix: string, value: object): [string, HyperParameter][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, HyperParameter][] => {
    const name = `${prefix}${key}`;
    if (typeof inner === 'number' || typeof inner === 'string' || typeof inner === 'boolean') return [[name, inner]];
    if (Array.isArray(inner)) return inner.length === 0 ? [] : [[name, JSON.stringify(inner)]];
    return typeof inner === 'object' && inner !== null ? flat(`${name}.`, inner) : [];
  });
}

function planText(run: Run, member: Member): string {
  const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
  return [`## ${run.plan.name}, ${member.name}`, `Run ${run.id}, ${run.createdAt}, plan ${run.planPath}`, '### Member', json(member), '### Plan', json(run.plan)].join('\n\n');
}
