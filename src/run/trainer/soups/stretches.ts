/**
 * Soups of networks that need not fit into memory. All parents are read side by side in short stretches, the next ones while these are mixed; what is mixed
 * is handed on at once. A stretch is a part of a large tensor, or many small tensors.
 */
import { checkAlike } from '../../../core/soups/alike.ts';
import { decodeFloats, encodeFloats, floatsFor, isFloat } from '../../../core/soups/floats.ts';
import type { SoupRule, Stretch, TensorInfo } from '../../../core/soups/rule.ts';
import { DTYPE_BYTES } from '../../../protocol/safetensors.ts';
import type { TensorData } from '../../../protocol/tensor.ts';
import type { SoupSource } from './sources.ts';

/** Bytes of one parent in memory at a time, and of all of them together: two stretches, one of them being read. */
const STRETCH_BYTES = 2 << 20;
const ALL_BYTES = 64 << 20;
/** Tensors of one read at most. */
const STRETCH_TENSORS = 256;

/** Some numbers of a tensor. */
interface Part {
  tensor: TensorInfo;
  /** Numbers from the tensor's start. */
  from: number;
  count: number;
  bytes: number;
}

export interface MixOptions {
  signal?: AbortSignal;
  /** Called with the share of the bytes that was looked at or mixed. */
  onProgress?: (fraction: number) => void;
}

/**
 * Mixes the tensors of the first source in its order.
 * @param hand is given the bytes of the result, in order; each call waits for the one before it
 * @throws StarsseError usage, mismatch before any number is read; file-invalid; what the signal says
 */
export async function mixSources(rule: SoupRule, sources: readonly SoupSource[], hand: (pieces: Uint8Array[]) => Promise<void>, { signal, onProgress }: MixOptions = {}): Promise<void> {
  checkAlike(sources);
  const stretches = inStretches(sources[0].tensors, Math.max(8, Math.min(STRETCH_BYTES, Math.floor(ALL_BYTES / (2 * sources.length)))));
  const passes = rule.looks + 1;
  const rooms = [0, 1].map(() => sources.map(() => new Room()));
  const results = [new Room(), new Room()];
  let done = 0;
  let handed: Promise<void> = Promise.resolve();
  for (let pass = 0; pass < passes; pass++) {
    for await (const parts of read(sources, stretches, rooms)) {
      signal?.throwIfAborted();
      if (pass < rule.looks) {
        for (const { part, numbers } of parts) if (numbers !== null) rule.look?.(pass, part.tensor, numbers);
      } else {
        // What was handed on before may still be on its way: the results have two rooms as well.
        const room = results[done % 2].for(parts.map(({ part }) => part));
        const mixed = parts.map((part, place) => mixPart(rule, part, room[place]));
        await handed;
        handed = hand(mixed);
        handed.catch(() => undefined); // awaited before the next one
      }
      onProgress?.(++done / (passes * stretches.length));
    }
  }
  await handed;
}

/** The soup as tensors in memory. @throws StarsseError as `mixSources` */
export async function mixedInMemory(rule: SoupRule, sources: readonly SoupSource[], options: MixOptions = {}): Promise<TensorData[]> {
  const tensors = sources[0]?.tensors.map(({ name, dtype, shape }): TensorData => ({ name, dtype, shape: [...shape], data: new Uint8Array(bytesOf({ dtype, shape })) })) ?? [];
  let [tensor, at] = [0, 0];
  await mixSources(rule, sources, (pieces) => {
    for (const piece of pieces) {
      while (tensors[tensor].data.byteLength === at && piece.byteLength > 0) [tensor, at] = [tensor + 1, 0];
      tensors[tensor].data.set(piece, at);
      at += piece.byteLength;
    }
    return Promise.resolve();
  }, options);
  return tensors;
}

export function bytesOf({ dtype, shape }: Pick<TensorInfo, 'dtype' | 'shape'>): number {
  return shape.reduce((product, side) => product * side, DTYPE_BYTES[dtype]);
}

function mixPart(rule: SoupRule, { part: { tensor, from, count }, numbers, bytes }: ReadPart, room: Uint8Array): Uint8Array {
  if (numbers === null) {
    room.set(bytes);
    return room;
  }
  const result = floatsFor(tensor.dtype, count, room);
  rule.mix(tensor, numbers, from, result);
  return encodeFloats(tensor.dtype, result);
}

/** Tensors in order, cut and gathered into stretches of at most so many bytes. */
function inStretches(tensors: readonly TensorInfo[], most: number): Part[][] {
  const stretches: Part[][] = [];
  let [stretch, bytes]: [Part[], number] = [[], 0];
  for (const tensor of tensors) {
    const width = DTYPE_BYTES[tensor.dtype];
    const numbers = bytesOf(tensor) / width;
    for (let from = 0; from < numbers; ) {
      const count = Math.min(numbers - from, Math.floor((most - bytes) / width));
      if (count === 0 || stretch.length === STRETCH_TENSORS) {
        stretches.push(stretch);
        [stretch, bytes] = [[], 0];
        continue;
      }
      stretch.push({ tensor, from, count, bytes: count * width });
      [from, bytes] = [from + count, bytes + count * width];
    }
  }
  return stretch.length === 0 ? stretches : [...stretches, stretch];
}

interface ReadPart {
  part: Part;
  /** Of each source; null of a tensor of integers. */
  numbers: Stretch | null;
  /** Of the first source. */
  bytes: Uint8Array;
}

/** Each stretch of all sources; the next one is being read meanwhile. What is given is overwritten after the next one was asked for. @param rooms two for each source */
async function* read(sources: readonly SoupSource[], stretches: readonly Part[][], rooms: readonly (readonly Room[])[]): AsyncGenerator<ReadPart[]> {
  const begin = (index: number): Promise<ReadPart[]> => {
    const reading = readStretch(sources, stretches[index], rooms[index % 2]);
    reading.catch(() => undefined); // awaited below
    return reading;
  };
  let next = stretches.length === 0 ? null : begin(0);
  try {
    for (let index = 0; next !== null; index++) {
      const parts: ReadPart[] = await next;
      next = index + 1 < stretches.length ? begin(index + 1) : null;
      yield parts;
    }
  } finally {
    await next?.catch(() => undefined); // no read goes on after the sources are closed
  }
}

async function readStretch(sources: readonly SoupSource[], parts: readonly Part[], rooms: readonly Room[]): Promise<ReadPart[]> {
  const bytes = rooms.map((room) => room.for(parts));
  await Promise.all(
    sources.map(async (source, index) => {
      const wanted = parts.flatMap(({ tensor, from }, place) => (index > 0 && !isFloat(tensor.dtype) ? [] : [{ tensor: tensor.name, from: from * DTYPE_BYTES[tensor.dtype], into: bytes[index][place] }]));
      await source.read(wanted);
    }),
  );
  return parts.map((part, place) => ({ part, numbers: isFloat(part.tensor.dtype) ? bytes.map((each) => decodeFloats(part.tensor.dtype, each[place])) : null, bytes: bytes[0][place] }));
}

/** Memory for the stretches of one source, used again and again. */
class Room {
  #buffer = new ArrayBuffer(0);

  /** Room for each part, on boundaries of eight bytes. */
  for(parts: readonly Part[]): Uint8Array[] {
    const rounded = parts.map(({ bytes }) => 8 * Math.ceil(bytes / 8));
    const total = rounded.reduce((sum, bytes) => sum + bytes, 0);
    if (this.#buffer.byteLength < total) this.#buffer = new ArrayBuffer(total);
    let at = 0;
    return parts.map(({ bytes }, place) => {
      const view = new Uint8Array(this.#buffer, at, bytes);
      at += rounded[place];
      return view;
    });
  }
}
