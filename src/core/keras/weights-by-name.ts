/** Variables of files that name them: conv1/kernel, model/conv1/kernel, lstm/lstm_cell/kernel. */
import { StarsseError } from '../../protocol/errors.ts';
import type { KerasTensor, KerasWeights, LayerPlace } from './keras-weights.ts';

/** Keras 3 calls the kernel of a depthwise convolution by its plain name. */
const ALIASES: Record<string, string[]> = { depthwise_kernel: ['depthwise_kernel', 'kernel'] };

/**
 * @param names all names in the file, in its order, which is that of the layers' variables
 * @param read the tensor of that name
 */
export function weightsByName(names: readonly string[], read: (name: string) => KerasTensor, what: string): KerasWeights {
  const byPrefix = new Map<string, string[]>();
  for (const name of names) {
    for (let slash = name.indexOf('/'); slash !== -1; slash = name.indexOf('/', slash + 1)) {
      const prefix = name.slice(0, slash);
      const inside = byPrefix.get(prefix);
      if (inside === undefined) byPrefix.set(prefix, [name]);
      else inside.push(name);
    }
  }
  const ofLayer = ({ path }: LayerPlace): string[] => {
    // Names may begin with those of the models around the layer, or with the layer's own.
    for (let from = 0; from < path.length; from++) {
      const found = byPrefix.get(path.slice(from).join('/'));
      if (found !== undefined) return found;
    }
    return [];
  };
  return {
    of(layer, wanted, shapes) {
      const candidates = ofLayer(layer);
      const taken = new Set<string>();
      return wanted.map((name, index) => {
        const aliases = ALIASES[name] ?? [name];
        const found = candidates.find((candidate) => !taken.has(candidate) && aliases.includes(candidate.slice(candidate.lastIndexOf('/') + 1)));
        if (found === undefined) throw new StarsseError('mismatch', `${what} has no weights ${layer.path.join('/')}/${name}`);
        taken.add(found);
        const tensor = read(found);
        if (tensor.shape.join() !== shapes[index].join()) throw wrongShape(what, found, tensor.shape, shapes[index]);
        return tensor;
      });
    },
  };
}

export function wrongShape(what: string, name: string, shape: readonly number[], wanted: readonly number[]): StarsseError {
  return new StarsseError('mismatch', `${what}: ${name} is [${shape.join(', ')}], not [${wanted.join(', ')}]`, {
    hint: 'A network that flattens its images keeps to the size it was made for: use data of that size.',
  });
}
