/**
 * Distillation (Hinton, Vinyals and Dean 2015): one network learns the probabilities q of an ensemble instead of labels. The loss of a
 * step is the cross-entropy -sum_c q_c log p_c = KL(q || p) + H(q), whose gradient is that of KL(q || p), at temperature 1: what is wanted is
 * the ensemble's own prediction. Where images are augmented the ensemble sees each of them as the student does (Beyer et al. 2022,
 * "Knowledge distillation: a good teacher is patient and consistent"), mixed ones too; else its predictions for the training images are made once.
 */
import type { Input, TrainingBatch } from './input.ts';
import type { Normalization } from './normalization.ts';
import type { Pixels } from './pixels.ts';
import { addSoftmaxes } from './softmax.ts';

/** Probabilities of the images of a batch, [batch, classes]. @param positions of them in the training set */
export type Teacher = (images: Pixels, positions: Uint32Array) => Promise<Float32Array>;

/** The same batches with the teacher's probabilities as targets. Closing it closes the input. */
export function distilledInput(input: Input, teacher: Teacher, normalization: Normalization): Input {
  return {
    async batch(epoch, positions) {
      const batch = await input.batch(epoch, positions);
      const startedMs = performance.now();
      const targets = await teacher(asSeen(batch, normalization), positions);
      return { ...batch, targets, hereMs: (batch.hereMs ?? 0) + performance.now() - startedMs };
    },
    ...(input.ahead === undefined ? {} : { ahead: input.ahead }),
    close: () => input.close(),
  };
}

/** The images as the student sees them: mixup, which is left to the device there, is made here, in normalised floats. */
export function asSeen({ images, share }: Pick<TrainingBatch, 'images' | 'share'>, { mean, std }: Normalization): Pixels {
  if (share === 1) return images;
  const { shape, data } = images;
  const [count, , , channels] = shape;
  const plain = data instanceof Float32Array ? data : Float32Array.from(data, (byte, index) => (byte / 255 - mean[(index % channels) % mean.length]) / std[(index % channels) % std.length]);
  const mixed = new Float32Array(plain.length);
  const size = plain.length / count;
  for (let image = 0; image < count; image++) {
    const [own, other] = [image * size, (count - 1 - image) * size];
    for (let index = 0; index < size; index++) mixed[own + index] = share * plain[own + index] + (1 - share) * plain[other + index];
  }
  return { shape, data: mixed };
}

/** Of predictions that were made once. @param probabilities [training images, classes] */
export function storedTeacher(probabilities: Float32Array, classes: number): Teacher {
  return (_, positions) => {
    const targets = new Float32Array(positions.length * classes);
    for (const [place, position] of positions.entries()) targets.set(probabilities.subarray(position * classes, (position + 1) * classes), place * classes);
    return Promise.resolve(targets);
  };
}

/** What a joined network gives (`core/ensembles/joined-network.ts`) as probabilities. @param output [count, classes] */
export function teacherProbabilities(output: Float32Array, classes: number, gives: 'probabilities' | 'logits'): Float32Array {
  if (gives === 'probabilities') return output;
  const sum = new Float64Array(output.length);
  addSoftmaxes([output], classes, [1], sum);
  return Float32Array.from(sum);
}
