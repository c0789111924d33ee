/** Batches made by threads beside the trainer. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Input, InputSettings, TrainingBatch } from '../../../core/input.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { DatasetSource } from '../data/open-dataset.ts';
import type { BatchAnswer, BatchRequest, ThreadStart } from './lines.ts';

interface Asked {
  resolve(batch: TrainingBatch): void;
  reject(error: StarsseError): void;
}
interface Thread {
  worker: Worker;
  asked: Map<number, Asked>;
}

/**
 * Each batch goes to the thread with the least to do. What goes wrong in a thread is thrown where its batch is awaited; the end of
 * a thread fails what it had to do and whatever is asked of it later.
 * @param ahead batches that may be asked for before the first is used: what bounds the memory
 */
export class ThreadedInput implements Input {
  readonly ahead: number;
  readonly #threads: Thread[];
  #asked = 0;
  #ended: StarsseError | null = null;

  constructor(source: DatasetSource, settings: InputSettings, { threads, ahead }: { threads: number; ahead: number }) {
    this.ahead = ahead;
    this.#threads = Array.from({ length: threads }, () => this.#start({ source, settings }));
  }

  batch(epoch: number, positions: Uint32Array): Promise<TrainingBatch> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const thread = this.#threads.reduce((least, other) => (other.asked.size < least.asked.size ? other : least));
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      thread.asked.set(id, { resolve, reject });
      thread.worker.postMessage({ id, epoch, positions } satisfies BatchRequest);
    });
  }

  async close(): Promise<void> {
    this.#end(new StarsseError('cancelled', 'The input was closed'));
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(start: ThreadStart): Thread {
    const worker = new Worker(workerFile(), { workerData: start });
    const asked = new Map<number, Asked>();
    worker.on('message', (answer: BatchAnswer) => {
      const waiting = asked.get(answer.id)!;
      asked.delete(answer.id);
      if ('batch' in answer) waiting.resolve(answer.batch);
      else waiting.reject(StarsseError.fromJSON(answer.error));
    });
    worker.on('error', (cause) => this.#end(StarsseError.from(cause)));
    worker.on('exit', (code) => this.#end(new StarsseError('process-died', `A thread that makes batches ended (exit code ${code})`, { hint: 'The member can be resumed.' })));
    return { worker, asked };
  }

  /** The first reason counts. */
  #end(reason: StarsseError): void {
    this.#ended ??= reason;
    for (const { asked } of this.#threads) {
      for (const { reject } of asked.values()) reject(this.#ended);
      asked.clear();
    }
  }
}

/** Beside the trainer's bundle, or as a source. */
function workerFile(): string {
  // In a bundle __dirname is its folder. A source is an ES module and has none.
  if (typeof __dirname === 'string') return path.join(__dirname, 'input-worker.js');
  return path.join(import.meta.dirname, '..', 'input-worker.ts');
}
