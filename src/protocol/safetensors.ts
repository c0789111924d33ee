/** The safetensors header (8 bytes little-endian length, then JSON). Bounds are checked before anything is believed. */
import * as v from 'valibot';
import { StarsseError } from './errors.ts';
import { parseJson } from './parse.ts';

export const DTYPE_BYTES: Record<string, number> = {
  BOOL: 1, U8: 1, I8: 1, F8_E5M2: 1, F8_E4M3: 1, I16: 2, U16: 2, F16: 2, BF16: 2, I32: 4, U32: 4, F32: 4, F64: 8, I64: 8, U64: 8,
};
/** The reference implementation's own limit. */
export const MAX_HEADER_BYTES = 100_000_000;

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const EntrySchema = v.object({ dtype: v.string(), shape: v.array(size), data_offsets: v.tuple([size, size]) });
const HeaderSchema = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value), 'a list, not an object'),
  v.objectWithRest({ __metadata__: v.optional(v.record(v.string(), v.string()), {}) }, EntrySchema),
);

export interface TensorEntry {
  name: string;
  dtype: string;
  shape: number[];
  /** Bytes within the file, from its start. */
  start: number;
  end: number;
}
export interface SafetensorsHeader {
  metadata: Record<string, string>;
  /** Sorted by position in the file. */
  tensors: TensorEntry[];
}

/** Length of the JSON header from the file's first 8 bytes. @throws StarsseError file-invalid */
export function headerLength(first8: Uint8Array, fileBytes: number, what: string): number {
  if (first8.byteLength < 8) throw torn(what, `only ${first8.byteLength} bytes`);
  const length = new DataView(first8.buffer, first8.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) throw torn(what, `header of ${length} bytes`);
  if (8 + Number(length) > fileBytes) throw torn(what, `header of ${length} bytes in a file of ${fileBytes}`);
  return Number(length);
}

/** Parses and checks the JSON header: known dtypes, sizes that fit, no gaps or overlaps. @throws StarsseError file-invalid */
export function parseHeader(json: string, fileBytes: number, headerBytes: number, what: string): SafetensorsHeader {
  const { __metadata__: metadata, ...entries } = parseJson(HeaderSchema, json, what);
  const dataStart = 8 + headerBytes;
  const tensors = Object.entries(entries).map(([name, entry]): TensorEntry => {
    const bytes = DTYPE_BYTES[entry.dtype];
    if (bytes === undefined) throw torn(what, `tensor ${name} has the unknown dtype ${entry.dtype}`);
    const [begin, end] = entry.data_offsets;
    const wanted = entry.shape.reduce((a, b) => a * b, 1) * bytes;
    if (end - begin !== wanted) throw torn(what, `tensor ${name} has ${end - begin} bytes, its shape [${entry.shape}] needs ${wanted}`);
    return { name, dtype: entry.dtype, shape: entry.shape, start: dataStart + begin, end: dataStart + end };
  });
  tensors.sort((a, b) => a.start - b.start || a.end - b.end);
  let position = dataStart;
  for (const tensor of tensors) {
    if (tensor.start !== position) throw torn(what, `tensor ${tensor.name} starts at byte ${tensor.start}, not ${position}`);
    position = tensor.end;
  }
  if (position !== fileBytes) throw torn(what, `${fileBytes} bytes where the header describes ${position}`);
  return { metadata, tensors };
}

/** A tensor of a new file. */
export interface EntryToWrite {
  name: string;
  dtype: string;
  shape: readonly number[];
  sizeBytes: number;
}

/** The header of a new file: 8 bytes of length and JSON padded to 8 bytes. */
export function encodeHeader(tensors: readonly EntryToWrite[], metadata: Record<string, string>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, dtype, shape, sizeBytes } of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, (offset += sizeBytes)] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  return bytes;
}

function torn(what: string, problem: string): StarsseError {
  return new StarsseError('file-invalid', `${what}: not a whole safetensors file: ${problem}`, {
    hint: 'The file is torn or of another kind. Copy or make it again.',
  });
}
