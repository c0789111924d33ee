/** Distances, angles and principal components of networks in files, a tensor of each at a time. */
import { addToGram, emptyGram, gramOf, sumOfGrams, type Gram } from '../../../core/basin/gram.ts';
import { geometryOf, principalComponents } from '../../../core/basin/geometry.ts';
import { isHead, parametersOf, product, type Parameter } from '../../../core/network.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { Geometry } from '../../../protocol/geometry.ts';
import { floatsOf, type TensorData } from '../../../protocol/tensor.ts';
import { runFiles } from '../../folder.ts';
import { readSafetensors } from '../../safetensors-file.ts';
import { PRETRAINED, type NamedNetworks } from './named-networks.ts';

/**
 * @param names the reference first
 * @param onTensor called after each tensor with the share that is done; what it throws ends the work
 * @throws StarsseError file-missing, file-invalid, mismatch
 */
export async function geometryOfNetworks(networks: NamedNetworks, names: readonly string[], onTensor: (fraction: number) => void): Promise<Geometry> {
  const { network } = networks;
  const parameters = parametersOf(network).filter(({ role }) => role === 'trained');
  const pretrained = names.includes(PRETRAINED) ? names.indexOf(PRETRAINED) : null;
  const headless = pretrained !== null && networks.pretrainedHead === 'other' ? pretrained : null;
  const checkpoint = pretrained === null ? [] : await networks.tensors(PRETRAINED);
  const everywhere = names.map((_, place) => place);
  const withHead = everywhere.filter((place) => place !== headless);
  const grams = new Map<string, Gram>(parameters.map(({ layer }) => [layer.name, emptyGram(layer.name === network.head ? withHead.length : names.length)]));
  for (const [index, parameter] of parameters.entries()) {
    const places = isHead(network, parameter) ? withHead : everywhere;
    addToGram(grams.get(parameter.layer.name)!, await Promise.all(places.map(async (place) => await tensorOf(networks, names[place], parameter, checkpoint))));
    onTensor((index + 1) / parameters.length);
  }
  const bodies = [...grams].flatMap(([layer, gram]) => (layer === network.head ? [] : [gram]));
  const backbone = bodies.length === 0 ? null : sumOfGrams(bodies); // of logistic regression there is none
  const headKept = withHead.length === names.length;
  const whole = sumOfGrams([...grams].map(([layer, gram]) => (layer === network.head || headKept ? gram : gramOf(gram, withHead))));
  const count = names.length;
  const kept = (places: readonly number[]): string[] => places.map((place) => names[place]);
  return {
    networks: [...names],
    parts: [
      geometryOf('whole', whole, { places: withHead, count, pretrained }),
      ...(backbone === null ? [] : [geometryOf('backbone', backbone, { places: everywhere, count, pretrained })]),
      ...Array.from(grams, ([layer, gram]) => geometryOf(layer, gram, { places: layer === network.head ? withHead : everywhere, count, pretrained })),
    ],
    components: [principalComponents('whole', kept(withHead), whole), ...(backbone === null ? [] : [principalComponents('backbone', kept(everywhere), backbone)])],
  };
}

async function tensorOf({ folder }: NamedNetworks, name: string, parameter: Parameter, checkpoint: readonly TensorData[]): Promise<Float32Array> {
  const tensor = name === PRETRAINED ? checkpoint.find((each) => each.name === parameter.name) : await storedTensor(runFiles.snapshot(folder, name), parameter.name);
  if (tensor?.dtype !== 'F32' || tensor.data.byteLength !== 4 * product(parameter.shape)) {
    throw new StarsseError('mismatch', `${parameter.name} of ${name} does not fit the network: it is ${tensor === undefined ? 'missing' : `${tensor.dtype} [${tensor.shape.join(', ')}]`}`, {
      hint: 'The snapshot is not of this run.',
    });
  }
  return floatsOf(tensor);
}

/** undefined where the file has no tensor of that name. @throws StarsseError file-missing, file-invalid */
async function storedTensor(file: string, name: string): Promise<TensorData | undefined> {
  try {
    return (await readSafetensors(file, [name])).tensors[0];
  } catch (error) {
    if (error instanceof StarsseError && error.code === 'mismatch') return undefined;
    throw error;
  }
}
