/**
 * Which layers do not learn. A frozen layer works as in evaluation: its batch norm goes by its running statistics and keeps
 * them, its dropout keeps everything; no gradient is computed for it, nor for anything below the lowest layer that learns.
 */
import { StarsseError } from '../protocol/errors.ts';
import type { Layer, NetworkSpec } from '../protocol/network.ts';
import { parametersOf } from './network.ts';

/**
 * Names of the layers that the patterns of `training.freeze` mean. A pattern is the beginning of a name up to a boundary
 * (layer1 means layer1.0.conv1, not layer10); * stands for anything (blocks.*.norm1).
 * @throws StarsseError plan-invalid for a pattern that means no layer with weights, or when nothing is left to learn
 */
export function frozenLayers(network: NetworkSpec, patterns: readonly string[]): ReadonlySet<string> {
  const withWeights = new Set(parametersOf(network).filter(({ role }) => role === 'trained').map(({ layer }) => layer.name));
  const frozen = new Set<string>();
  for (const pattern of patterns) {
    const meant = network.layers.filter((layer) => namesOf(layer).some((name) => expressionOf(pattern).test(name)));
    if (!meant.some(({ name }) => withWeights.has(name))) {
      throw new StarsseError('plan-invalid', `training.freeze: no layer of ${network.name} with weights is called ${pattern}`, { hint: `Its layers are ${listed([...withWeights])}.` });
    }
    for (const { name } of meant) frozen.add(name);
  }
  if ([...withWeights].every((name) => frozen.has(name))) {
    throw new StarsseError('plan-invalid', `training.freeze: ${patterns.join(', ')} freezes all of ${network.name}, nothing would learn`, { hint: `Leave out the head, ${network.head}.` });
  }
  return frozen;
}

/** All layers but the head, for a linear probe. */
export function allButHead(network: NetworkSpec): ReadonlySet<string> {
  return new Set(network.layers.flatMap(({ name }) => (name === network.head ? [] : [name])));
}

/** A token or table is known by the name of its tensor, too. */
function namesOf(layer: Layer): string[] {
  return layer.kind === 'class-token' || layer.kind === 'position' ? [layer.name, layer.parameter] : [layer.name];
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}(?![A-Za-z0-9])`);
}

/** All names, or where there are many the beginnings that they share. */
function listed(names: string[]): string {
  if (names.length <= 24) return names.join(', ');
  const beginnings = [...new Set(names.map((name) => /^[^.]+(\.\d+)?/.exec(name)?.[0] ?? name))];
  return `${beginnings.slice(0, 40).join(', ')}${beginnings.length > 40 ? ', ...' : ''}`;
}
