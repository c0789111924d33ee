/** What one class of Keras layers becomes. */
import { StarsseError } from '../../protocol/errors.ts';
import type { Builder } from './builder.ts';
import { textOf } from './config-values.ts';
import type { KerasNode } from './topology.ts';

/** Adds the layers that compute the node. @returns the name of the last; null where the class is known but not this configuration of it */
export type Conversion = (node: KerasNode, build: Builder) => string | null;

/** How errors name a node: Conv2D "conv1". */
export function nameOf({ className, path }: Pick<KerasNode, 'className' | 'path'>): string {
  return `${className} "${path.join('/')}"`;
}

/** @throws StarsseError file-invalid, naming the node */
export function unsupported(node: KerasNode, build: Builder, problem: string): StarsseError {
  return new StarsseError('file-invalid', `${build.what}: ${nameOf(node)}: ${problem}`);
}

/** Name of an activation function; Keras 3 may write it as an object. linear where there is none. @throws StarsseError file-invalid */
export function activationOf(node: KerasNode): string {
  const { activation } = node.config;
  if (activation === null || activation === undefined) return 'linear';
  if (typeof activation === 'object' && 'config' in activation) return textOf(activation.config, `${nameOf(node)}: activation`);
  return textOf(activation, `${nameOf(node)}: activation`);
}
