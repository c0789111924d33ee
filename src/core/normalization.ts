/** What pixels become before the network sees them: (pixel / 255 - mean) / std, by channel. */
import { StarsseError } from '../protocol/errors.ts';
import type { Plan } from '../protocol/plan.ts';

export interface Normalization {
  /** One number, or one a channel. */
  mean: number[];
  std: number[];
}

/** Mean and deviation of ImageNet's pixels, by which torchvision's and most of timm's weights were trained. */
const IMAGENET: Normalization = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** -1..1: what timm's vision transformers were trained with. */
const HALF: Normalization = { mean: [0.5], std: [0.5] };
const NONE: Normalization = { mean: [0], std: [1] };

const IMAGENET_FAMILIES = ['resnet-18', 'resnet-50', 'mobilenet-v2', 'swin-tiny'];
const HALF_FAMILIES = ['vit-tiny', 'vit-small'];

/**
 * The plan's normalization as numbers. `auto` is the checkpoint's own; else that of the network's family, in which its published
 * weights were trained; else none.
 * @param network the plan's `model.network`; null for the network that the checkpoint describes
 * @param checkpoint what the checkpoint says of itself; null when it says nothing
 * @throws StarsseError data-invalid when the number of values does not fit the channels
 */
export function resolveNormalization(chosen: Plan['data']['normalization'], network: string | null, checkpoint: Normalization | null, channels: number): Normalization {
  const resolved = numbersOf(chosen, network, checkpoint);
  // Of a grey image the mean over the colours is all that can be used.
  const asked = typeof chosen === 'string' && channels === 1 ? { mean: [meanOf(resolved.mean)], std: [meanOf(resolved.std)] } : resolved;
  checkNormalization(asked, channels);
  return asked;
}

function numbersOf(chosen: Plan['data']['normalization'], network: string | null, checkpoint: Normalization | null): Normalization {
  if (typeof chosen !== 'string') return chosen;
  if (chosen === 'imagenet') return IMAGENET;
  if (chosen === 'half') return HALF;
  if (chosen === 'none') return NONE;
  if (checkpoint !== null) return checkpoint;
  if (network !== null && IMAGENET_FAMILIES.includes(network)) return IMAGENET;
  return network !== null && HALF_FAMILIES.includes(network) ? HALF : NONE;
}

function meanOf(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @throws StarsseError data-invalid */
export function checkNormalization({ mean, std }: Normalization, channels: number): void {
  for (const [name, values] of Object.entries({ mean, std })) {
    if (values.length !== channels && values.length !== 1) {
      throw new StarsseError('data-invalid', `data.normalization.${name}: ${values.length} values for images of ${channels} channels`, {
        hint: channels === 1 ? 'Give one value.' : `Give one value, or one for each of the ${channels} channels.`,
      });
    }
  }
}

/** Features are not scaled first: (x - mean) / std by channel, channels last. */
export function normalizedFeatures(features: Uint8Array | Float32Array, { mean, std }: Normalization, channels: number): Float32Array {
  return Float32Array.from(features, (value, index) => (value - mean[(index % channels) % mean.length]) / std[(index % channels) % std.length]);
}
