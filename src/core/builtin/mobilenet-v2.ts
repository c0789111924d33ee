import { IMAGES, type Layer } from '../../protocol/network.ts';
import { add, batchNorm, conv, dense, globalAveragePool, relu6, type Builder } from './parts.ts';

/** Expansion, channels, blocks and stride of each stage (Sandler et al. 2018, "MobileNetV2", table 2). */
const STAGES = [
  [1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1],
];

/** MobileNetV2 of width 1, as torchvision has it and with its names. */
export const mobilenetV2: Builder = (classes) => {
  const layers: Layer[] = normalised('features.0', IMAGES, 32, 3, 2);
  let inputs = 32;
  let feature = 1;
  for (const [expansion, channels, blocks, stride] of STAGES) {
    for (let place = 0; place < blocks; place++, feature++) {
      layers.push(...invertedResidual(`features.${feature}`, layers[layers.length - 1].name, inputs, expansion, channels, place === 0 ? stride : 1));
      inputs = channels;
    }
  }
  layers.push(...normalised(`features.${feature}`, layers[layers.length - 1].name, 1280, 1, 1));
  return [...layers, globalAveragePool('avgpool', layers[layers.length - 1].name), dense('classifier.1', 'avgpool', classes)];
};

/** 1x1 to more channels, 3x3 each channel by itself, 1x1 to fewer and without relu; added to the input where the shape stays. */
function invertedResidual(name: string, input: string, inputs: number, expansion: number, channels: number, stride: number): Layer[] {
  const inner = inputs * expansion;
  const layers = expansion === 1 ? [] : normalised(`${name}.conv.0`, input, inner, 1, 1);
  const depthwise = `${name}.conv.${expansion === 1 ? 0 : 1}`;
  layers.push(...normalised(depthwise, layers.at(-1)?.name ?? input, inner, 3, stride, inner));
  const [project, norm] = [1, 2].map((after) => `${name}.conv.${(expansion === 1 ? 0 : 1) + after}`);
  layers.push(conv(project, layers[layers.length - 1].name, channels, 1, 1), batchNorm(norm, project));
  return stride === 1 && inputs === channels ? [...layers, add(`${name}.add`, norm, input)] : layers;
}

/** Convolution, batch norm and relu6. */
function normalised(name: string, input: string, outputs: number, kernel: number, stride: number, groups = 1): Layer[] {
  return [conv(`${name}.0`, input, outputs, kernel, stride, { groups }), batchNorm(`${name}.1`, `${name}.0`), relu6(`${name}.2`, `${name}.1`)];
}
