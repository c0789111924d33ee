import type { TensorData } from '../../protocol/tensor.ts';

/** Blocks of each stage: timm counts within a stage, torchvision through all. */
const BLOCKS = [1, 2, 3, 4, 3, 3, 1];

/** Tensors of timm's MobileNetV2 under torchvision's names; others as they are. */
export function mobilenetTensors(tensors: readonly TensorData[]): TensorData[] {
  if (!tensors.some(({ name }) => name.startsWith('conv_stem.'))) return [...tensors];
  return tensors.map((tensor) => ({ ...tensor, name: torchvisionName(tensor.name) }));
}

const OUTSIDE_BLOCKS = new Map([['conv_stem', 'features.0.0'], ['bn1', 'features.0.1'], ['conv_head', 'features.18.0'], ['bn2', 'features.18.1'], ['classifier', 'classifier.1']]);
const FIRST_BLOCK = new Map([['conv_dw', '0.0'], ['bn1', '0.1'], ['conv_pw', '1'], ['bn2', '2']]);
const OTHER_BLOCKS = new Map([['conv_pw', '0.0'], ['bn1', '0.1'], ['conv_dw', '1.0'], ['bn2', '1.1'], ['conv_pwl', '2'], ['bn3', '3']]);

/** blocks.1.0.conv_dw.weight -> features.2.conv.1.0.weight */
function torchvisionName(name: string): string {
  const inBlock = /^blocks\.(\d+)\.(\d+)\.(\w+)\.(\w+)$/.exec(name);
  if (inBlock !== null) {
    const [, stage, place, layer, tensor] = inBlock;
    const feature = 1 + BLOCKS.slice(0, Number(stage)).reduce((sum, count) => sum + count, 0) + Number(place);
    const path = (stage === '0' ? FIRST_BLOCK : OTHER_BLOCKS).get(layer);
    return path === undefined ? name : `features.${feature}.conv.${path}.${tensor}`;
  }
  const outside = /^(\w+)\.(\w+)$/.exec(name);
  const path = outside && OUTSIDE_BLOCKS.get(outside[1]);
  return outside && path ? `${path}.${outside[2]}` : name;
}
