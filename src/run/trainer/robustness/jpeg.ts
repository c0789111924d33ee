/** JPEG compression of Hendrycks and Dietterich: written by libjpeg with chroma at half the resolution, and read again. It draws nothing. */
import { parametersFor, type Parameters } from '../../../core/corruptions/scale.ts';
import { startSharp } from '../data/decode-image.ts';

const QUALITIES: Parameters = { small: [[80], [65], [58], [50], [40]], large: [[25], [18], [15], [10], [7]] };

type Shape = readonly [height: number, width: number, channels: number];

/** @param bytes [height, width, channels], 1 or 3 channels. @param severity 1..5. @returns the same shape */
export async function compressed(bytes: Uint8Array, shape: Shape, severity: number): Promise<Uint8Array> {
  const [quality] = parametersFor(QUALITIES, severity, Math.min(shape[0], shape[1]));
  return await throughJpeg(bytes, shape, Math.round(quality));
}

/** @param quality 1..100, as the IJG scales it */
export async function throughJpeg(bytes: Uint8Array, [height, width, channels]: Shape, quality: number): Promise<Uint8Array> {
  const sharp = await startSharp();
  const space = channels === 1 ? 'b-w' : 'srgb';
  const raw = { height, width, channels: channels === 1 ? 1 : 3 } as const;
  const file = await sharp(bytes, { raw }).toColourspace(space).jpeg({ quality, chromaSubsampling: '4:2:0' }).toBuffer();
  return await sharp(file).toColourspace(space).raw().toBuffer();
}
