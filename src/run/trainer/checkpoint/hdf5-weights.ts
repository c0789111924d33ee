/** model.weights.h5 of Keras 3: layers/conv2d_1/vars/0, in the order in which the layer made its variables. */
import { wrongShape } from '../../../core/keras/weights-by-name.ts';
import type { KerasWeights } from '../../../core/keras/keras-weights.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { Hdf5File } from '../hdf5/hdf5-file.ts';

/** Groups of layers inside a layer, in the order of their variables. */
const INSIDE = ['cell', 'layer', 'forward_layer', 'backward_layer'];
/** Before 3.0 the group of layers had the name of the attribute. */
const OLD = '_layer_checkpoint_dependencies/';

export function weightsOfStore(file: Hdf5File, what: string): KerasWeights {
  return {
    of(layer, names, shapes) {
      const group = file.names(layer.store).length > 0 ? layer.store : layer.store.replaceAll('layers/', OLD);
      const found = variablesOf(file, group);
      if (found.length < names.length) throw new StarsseError('mismatch', `${what} has ${found.length} weights of ${layer.path.join('/')} in ${layer.store}, the layer has ${names.join(', ')}`);
      return names.map((name, index) => {
        const shape = file.tensor(found[index])?.shape ?? [];
        if (shape.join() !== shapes[index].join()) throw wrongShape(what, `${layer.path.join('/')}/${name}`, shape, shapes[index]);
        return file.floats(found[index]);
      });
    },
  };
}

function variablesOf(file: Hdf5File, group: string, depth = 0): string[] {
  const own = file.names(`${group}/vars`).toSorted((a, b) => Number(a) - Number(b));
  const inside = depth > 3 ? [] : INSIDE.filter((name) => file.names(group).includes(name));
  return [...own.map((name) => `${group}/vars/${name}`), ...inside.flatMap((name) => variablesOf(file, `${group}/${name}`, depth + 1))];
}
