/** The weights of a TensorFlow.js model, of layers or a graph: model.json says where in its shards they lie, which are read by ranges. */
import { open, stat } from 'node:fs/promises';
import type { TensorItem } from '../../../protocol/checkpoint.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { DTYPE_BYTES } from '../../../protocol/safetensors.ts';
import { readInto } from '../../safetensors-file.ts';
import { diskBytes } from '../checkpoint/shard-tensor.ts';
import { readModelJson, shardsOf, type ShardWeight } from '../checkpoint/tfjs-model.ts';
import { numbersOf } from './numbers.ts';
import { twoRooms } from './rooms.ts';
import type { Numbers, TensorFile } from './tensor-file.ts';

const DTYPES: Record<string, string> = { float32: 'F32', float16: 'F16', int32: 'I32', bool: 'BOOL', uint8: 'U8', uint16: 'U16' };

/** Opened where it is read: a large model has more of them than a process may have open files. */
interface Shard {
  file: string;
  sizeBytes: number;
}
/** A tensor in its group of shards, which count as one after the other. */
interface Place {
  weight: ShardWeight;
  shards: Shard[];
  start: number;
}

/** @throws StarsseError file-missing, file-invalid */
export async function openTfjsTensors(file: string): Promise<TensorFile> {
  const { weightsManifest, format } = await readModelJson(file);
  if (weightsManifest.length === 0) throw new StarsseError('file-invalid', `${file} has no weightsManifest: it is no model of TensorFlow.js with weights`, { hint: 'Open it as text, or name the model.json of a model.' });
  const places: Place[] = [];
  let shardBytes = 0;
  for (const group of weightsManifest) {
    const { shards: files, sizes } = await shardsOf(group, file);
    const shards = files.map((shard, index): Shard => ({ file: shard, sizeBytes: sizes[index] }));
    shardBytes += sizes.reduce((sum, size) => sum + size, 0);
    let start = 0;
    for (const weight of group.weights) {
      places.push({ weight, shards, start });
      start += diskBytes(weight, file);
    }
  }
  const room = twoRooms();
  return {
    kind: 'tfjs',
    sizeBytes: shardBytes + (await stat(file)).size,
    metadata: typeof format === 'string' ? { format } : {},
    tensors: places.map((place) => item(place, file)),
    read: (tensor, from, count) => readNumbers(places[tensor], from, count, room, file),
    close: () => Promise.resolve(),
  };
}

function item({ weight, start, shards }: Place, file: string): TensorItem {
  const stored = weight.quantization?.dtype ?? weight.dtype;
  return { name: weight.name, dtype: DTYPES[stored] ?? stored, shape: weight.shape, sizeBytes: diskBytes(weight, file), start: shards.length === 1 ? start : null };
}

async function readNumbers({ weight, shards, start }: Place, from: number, count: number, room: (bytes: number) => Uint8Array, file: string): Promise<Numbers> {
  const { name, dtype, quantization } = weight;
  const stored = DTYPES[quantization?.dtype ?? dtype];
  if (stored === undefined) throw new StarsseError('file-invalid', `${file}: the weights ${name} are ${dtype}, whose numbers are not read`);
  const width = DTYPE_BYTES[stored];
  const bytes = room(count * width);
  await readRange(shards, start + from * width, bytes);
  const numbers = numbersOf(stored, bytes, `${file}: ${name}`);
  const { scale, min } = quantization ?? {};
  // value = stored x scale + min
  return scale === undefined || min === undefined ? numbers : Float64Array.from(numbers, (number) => number * scale + min);
}

/** Fills the bytes from a place in the shards, which a tensor may cross. */
async function readRange(shards: readonly Shard[], start: number, bytes: Uint8Array): Promise<void> {
  let before = 0;
  let done = 0;
  for (const { file, sizeBytes } of shards) {
    const at = start + done - before;
    const part = Math.min(bytes.length - done, sizeBytes - at);
    if (at < sizeBytes && part > 0) {
      const handle = await open(file, 'r');
      try {
        await readInto(handle, at, [bytes.subarray(done, done + part)], file);
      } finally {
        await handle.close();
      }
      done += part;
    }
    before += sizeBytes;
  }
}
