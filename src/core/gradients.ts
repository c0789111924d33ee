/**
 * Gradients of the kernels that layers run; those of a family are in a file of `gradients/`.
 *
 * The Node build of tfjs-core comes without any; the package that has them all brings five more. These are few, and chosen
 * for speed: `ReluGrad` from the output, and the three gradients of a batch norm from one kernel.
 */
import * as tf from '@tensorflow/tfjs-core';
import { ACTIVATION_GRADIENTS } from './gradients/activations.ts';
import { ARITHMETIC_GRADIENTS } from './gradients/arithmetic.ts';
import { IMAGE_GRADIENTS } from './gradients/images.ts';
import { TRANSFORMER_GRADIENTS } from './gradients/transformer.ts';

const GRADIENTS: tf.GradConfig[] = [...ACTIVATION_GRADIENTS, ...ARITHMETIC_GRADIENTS, ...IMAGE_GRADIENTS, ...TRANSFORMER_GRADIENTS];

/** Makes these gradients the ones in force; back ends loaded meanwhile may have registered others. */
export function useGradients(): void {
  for (const gradient of GRADIENTS) if (tf.getGradient(gradient.kernelName) !== gradient) tf.registerGradient(gradient);
}
