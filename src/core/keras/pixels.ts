/** What a Keras model expects of pixels, as far as its file shows. */
import { IMAGES, type NetworkSpec } from '../../protocol/network.ts';
import type { Normalization } from '../normalization.ts';

const BYTES: Normalization = { mean: [0], std: [1 / 255] };
/** -1..1 */
const HALF: Normalization = { mean: [0.5], std: [0.5] };
const IMAGENET: Normalization = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** `preprocess_input` of keras.applications, by the names that its models have. ResNet50 and VGG take BGR less a mean, which is no normalisation. */
const APPLICATIONS: [RegExp, Normalization][] = [
  [/^(mobilenet(v2)?_\d|inception_v3|inception_resnet_v2|xception|resnet(50|101|152)v2|nasnet)/i, HALF],
  [/^densenet\d/i, IMAGENET],
];

/** Null where the file does not show it. Models that scale pixels themselves take them as 0..255. */
export function pixelsOf(network: NetworkSpec): Normalization | null {
  const first = network.layers.find(({ inputs }) => inputs.includes(IMAGES));
  if (first?.kind === 'rescale') {
    // (0 - offset) / scale is the value that becomes 0, 1 / scale the width of what becomes 1.
    const width = Math.max(...first.scale.map((scale) => Math.abs(1 / scale)));
    return width > 10 ? BYTES : null;
  }
  return APPLICATIONS.find(([pattern]) => pattern.test(network.name))?.[1] ?? null;
}
