/**
 * Loss and right answers of the last steps, kept in a graph: a step that is only issued gives none back, since to fetch one is to
 * wait for the step. All that are there come out in one read.
 */
import { greater, tensor1d, where, zeros, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Figure } from '../../core/unread-steps.ts';
import type { CompiledGraph } from './graph/compile.ts';

/** Variables of the graph, each as long as steps are kept. */
const LOSSES = 'kept/losses';
const CORRECTS = 'kept/corrects';

/** Their values at the start; the caller disposes them. @param count steps that are kept */
export function keptVariables(count: number): Map<string, Tensor> {
  return new Map([[LOSSES, zeros([count])], [CORRECTS, zeros([count])]]);
}

/**
 * New values with those of one more step, inside the graph.
 * @param place [count], 1 where the step's figures go and 0 elsewhere
 */
export function keepFigures(variables: ReadonlyMap<string, Tensor>, place: Tensor, { loss, correct }: { loss: Tensor; correct: Tensor }): Map<string, Tensor> {
  const here = greater(place, 0.5);
  // Not by sums of products: a loss that is no number must stay in its place.
  return new Map([[LOSSES, where(here, loss, variables.get(LOSSES)!)], [CORRECTS, where(here, correct, variables.get(CORRECTS)!)]]);
}

/** Hands out places in turn, and figures that are read when somebody asks. */
export class KeptFigures {
  readonly #graph: Pick<CompiledGraph, 'read'>;
  readonly #count: number;
  #steps = 0;
  /** What was read after the last step. */
  #read: Promise<[losses: ArrayLike<number>, corrects: ArrayLike<number>]> | null = null;

  /** @param count steps that are kept: figures must be read before so many more were taken */
  constructor(graph: Pick<CompiledGraph, 'read'>, count: number) {
    this.#graph = graph;
    this.#count = count;
  }

  /** The input of the step that comes next, see `keepFigures`; the caller disposes it. */
  nextPlace(): Tensor1D {
    return tensor1d(Float32Array.from({ length: this.#count }, (_, place) => Number(place === this.#steps % this.#count)));
  }

  /** Those of the step that was just taken. */
  take(): { loss: Figure; correct: Figure } {
    const step = this.#steps++;
    this.#read = null;
    const figure = (which: 0 | 1): Figure => ({
      data: async () => {
        if (this.#steps - step > this.#count) throw new Error(`figures of a step were asked for ${this.#steps - step} steps later, ${this.#count} are kept`);
        return Float32Array.of((await this.#everything())[which][step % this.#count]);
      },
      dispose: () => undefined,
    });
    return { loss: figure(0), correct: figure(1) };
  }

  #everything(): Promise<[ArrayLike<number>, ArrayLike<number>]> {
    this.#read ??= (async () => {
      const tensors = this.#graph.read([LOSSES, CORRECTS]);
      try {
        return await Promise.all([tensors[0].data(), tensors[1].data()]);
      } finally {
        for (const tensor of tensors) tensor.dispose();
      }
    })();
    return this.#read;
  }
}
