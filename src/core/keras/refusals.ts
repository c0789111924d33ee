/** Layers that cannot be used, all of them at once. */
import { StarsseError } from '../../protocol/errors.ts';
import { isRecord } from './config-values.ts';
import { CONVERSIONS } from './conversions.ts';
import { nameOf } from './conversion.ts';
import { isStockLayer } from './stock-layer.ts';
import type { KerasNode } from './topology.ts';

const RANDOM = /^(Gaussian(Noise|Dropout)|AlphaDropout|SpatialDropout\dD|Random\w+|RandAugment|MixUp|CutMix|AugMix|AutoContrast)$/;
const MASKS = new Set(['Masking', 'Embedding']);

/** @throws StarsseError file-invalid, naming every layer that cannot be used and why */
export function refuseLayers(nodes: readonly KerasNode[], what: string): void {
  const problems = nodes.flatMap((node) => {
    const problem = problemOf(node.className, node.config, node);
    return problem === null ? [] : [`${nameOf(node)} (${problem})`];
  });
  if (problems.length === 0) return;
  throw new StarsseError('file-invalid', `${what} has layers that cannot be used here: ${problems.join('; ')}`, {
    hint: 'Save the model without them: replace custom layers by layers of Keras, and leave random augmentation to the plan.',
  });
}

function problemOf(className: string, config: KerasNode['config'], { module, registeredName }: Pick<KerasNode, 'module' | 'registeredName'>): string | null {
  if (className === 'Lambda') return 'its code is Python';
  if (RANDOM.test(className)) return 'it draws random numbers of its own';
  if (MASKS.has(className)) return 'masks and indices are not supported';
  if (isCustom(className, module, registeredName)) return 'a custom layer';
  if (CONVERSIONS[className] === undefined && !isStockLayer(className)) return 'neither StarSSE nor TensorFlow.js knows it';
  // What a wrapper wraps: Bidirectional, TimeDistributed.
  const { layer } = config;
  if (isRecord(layer) && typeof layer.class_name === 'string' && isRecord(layer.config)) {
    return layer.class_name === 'Dropout' ? 'it draws random numbers of its own' : problemOf(layer.class_name, layer.config, { module: null, registeredName: null });
  }
  return null;
}

/** Packages of others register their classes; Keras' own name a module of keras. */
function isCustom(className: string, module: string | null, registeredName: string | null): boolean {
  return className.includes('>') || (module !== null && !/^keras(\.|$)/.test(module)) || (registeredName?.includes('>') ?? false);
}
