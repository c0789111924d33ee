/**
 * IDX files, as MNIST is published (LeCun, http://yann.lecun.com/exdb/mnist): two zero bytes, the type (8 = unsigned byte),
 * the number of dimensions, each dimension as 32-bit big-endian, then the bytes, row-major.
 */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { datasetInMemory } from '../../../core/data.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { ExampleSet } from './example-set.ts';

const UNSIGNED_BYTE = 8;
const MAX_BYTES = 2 ** 31 - 1;

export interface IdxFile {
  /** [count, height, width] or [count, height, width, channels] of images, [count] of labels. */
  shape: number[];
  data: Uint8Array;
  /** The whole file, decompressed. */
  bytes: Uint8Array;
}

/**
 * Images and labels of one set.
 * @throws StarsseError data-missing; data-invalid naming the file and what is wrong in it.
 */
export async function readImageFiles(imagesFile: string, labelsFile: string, classes: number): Promise<ExampleSet> {
  const images = await readIdxFile(imagesFile);
  const labels = await readIdxFile(labelsFile);
  if (images.shape.length !== 3 && images.shape.length !== 4) throw invalid(imagesFile, `${images.shape.length} dimensions, images have 3 or 4`);
  if (labels.shape.length !== 1) throw invalid(labelsFile, `${labels.shape.length} dimensions, labels have 1`);
  const [count, height, width, channels = 1] = images.shape;
  if (count !== labels.shape[0]) throw invalid(labelsFile, `${labels.shape[0]} labels for the ${count} images of ${imagesFile}`);
  if (count === 0) throw invalid(imagesFile, 'no images');
  const dataset = datasetInMemory({ examples: images.data, labels: Int32Array.from(labels.data), shape: [height, width, channels], classes }, labelsFile);
  return { dataset, content: [images.bytes, labels.bytes] };
}

/** One IDX file of unsigned bytes; `.gz` is unpacked. @throws StarsseError data-missing, data-invalid */
export async function readIdxFile(file: string): Promise<IdxFile> {
  const bytes = await readBytes(file);
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) throw invalid(file, 'it does not begin as an IDX file does');
  if (bytes[2] !== UNSIGNED_BYTE) throw invalid(file, `numbers of type 0x${bytes[2].toString(16)}, only unsigned bytes (0x8) are read`);
  const dimensions = bytes[3];
  const start = 4 + 4 * dimensions;
  if (dimensions === 0 || bytes.length < start) throw invalid(file, `${bytes.length} bytes, too few for ${dimensions} dimensions`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  const wanted = shape.reduce((a, b) => a * b, 1);
  if (bytes.length - start !== wanted) throw invalid(file, `${bytes.length - start} bytes of data, [${shape.join(', ')}] needs ${wanted}`);
  return { shape, data: bytes.subarray(start), bytes };
}

async function readBytes(file: string): Promise<Uint8Array> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new StarsseError('data-missing', `The data file ${file} is missing`, {
        hint: "Put it there or correct data in the plan. `npm run quickstart` prepares the sample's data.",
        cause: error,
      });
    }
    throw new StarsseError('data-invalid', `The data file ${file} cannot be read: ${message}`, { cause: error });
  }
  if (!file.endsWith('.gz')) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES });
  } catch (cause) {
    throw new StarsseError('data-invalid', `${file} is not a whole gzip file: ${(cause as Error).message}`, { cause });
  }
}

function invalid(file: string, problem: string): StarsseError {
  return new StarsseError('data-invalid', `${file}: ${problem}`, { hint: 'The file is torn or of another kind. Get it again.' });
}
