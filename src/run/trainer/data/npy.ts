/**
 * The .npy format (NumPy Enhancement Proposal 1): "\x93NUMPY", a version, the length of the header, the header as a Python
 * literal {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, then the numbers. Pickled objects are refused unread.
 */
import { fromHalf } from '../../../core/fit-weights/floats.ts';
import type { ByteSource } from './byte-source.ts';

const MAGIC = '\x93NUMPY';
/** A header is a line; NumPy itself refuses to read longer ones than this. */
const MOST_HEADER_BYTES = 10_000;

export interface NpyHeader {
  /** As NumPy names it: "|u1", "<f4". */
  dtype: string;
  shape: number[];
  bytesPerNumber: number;
  /** The number at a byte. */
  numberAt(view: DataView, at: number): number;
  whole: boolean;
}

type NumberAt = (view: DataView, at: number, little: boolean) => number;
/** Whole numbers of 64 bits above 2^53 lose their last digits; as labels they are refused anyway. */
const TYPES: Record<string, { bytes: number; at: NumberAt; whole: boolean }> = {
  b1: { bytes: 1, at: (view, at) => view.getUint8(at), whole: true },
  u1: { bytes: 1, at: (view, at) => view.getUint8(at), whole: true },
  i1: { bytes: 1, at: (view, at) => view.getInt8(at), whole: true },
  u2: { bytes: 2, at: (view, at, little) => view.getUint16(at, little), whole: true },
  i2: { bytes: 2, at: (view, at, little) => view.getInt16(at, little), whole: true },
  u4: { bytes: 4, at: (view, at, little) => view.getUint32(at, little), whole: true },
  i4: { bytes: 4, at: (view, at, little) => view.getInt32(at, little), whole: true },
  u8: { bytes: 8, at: (view, at, little) => Number(view.getBigUint64(at, little)), whole: true },
  i8: { bytes: 8, at: (view, at, little) => Number(view.getBigInt64(at, little)), whole: true },
  f2: { bytes: 2, at: (view, at, little) => fromHalf(view.getUint16(at, little)), whole: false },
  f4: { bytes: 4, at: (view, at, little) => view.getFloat32(at, little), whole: false },
  f8: { bytes: 8, at: (view, at, little) => view.getFloat64(at, little), whole: false },
};

/** Reads up to the first number. @throws Error saying in one line what is wrong */
export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const start = await source.read(8);
  if (start.length < 8 || start.toString('latin1', 0, 6) !== MAGIC) throw new Error('it is no NumPy array');
  const [major] = start.subarray(6);
  if (major < 1 || major > 3) throw new Error(`version ${major} of NumPy's format is not known`);
  const sized = await source.read(major === 1 ? 2 : 4);
  const length = sized.length < 2 ? 0 : major === 1 ? sized.readUInt16LE() : sized.length < 4 ? 0 : sized.readUInt32LE();
  if (length > MOST_HEADER_BYTES) throw new Error(`a header of ${length} bytes`);
  const header = (await source.read(length)).toString('latin1');
  const dtype = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (order === undefined || shape === undefined || (dtype === undefined && !header.includes("'descr'"))) throw new Error('its header is torn');
  const type = dtype === undefined ? undefined : TYPES[dtype.slice(1)];
  if (dtype === undefined || type === undefined || !'<>|='.includes(dtype[0])) {
    throw new Error(dtype?.includes('O') === true ? 'it holds Python objects (pickle), which are not read' : `numbers of type ${dtype ?? 'of a record'} are not read`);
  }
  if (order === 'True') throw new Error('it is in Fortran order; save numpy.ascontiguousarray(...) of it');
  const little = dtype[0] !== '>';
  return {
    dtype,
    shape: shape.split(',').map((size) => size.trim()).filter((size) => size !== '').map(Number),
    bytesPerNumber: type.bytes,
    numberAt: (view, at) => type.at(view, at, little),
    whole: type.whole,
  };
}
