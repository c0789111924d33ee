/** The first block of an HDF5 file: how wide its numbers are and where its root is (format specification 3.0, II). */
import { torn, type ByteSource } from './bytes.ts';
import { Cursor, Format } from './cursor.ts';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** @returns also the address of the root's object header. @throws StarsseError file-invalid */
export function readSuperblock(source: ByteSource): { format: Format; root: number | null } {
  const start = findSignature(source);
  const narrow = new Cursor(new Format(source, 8, 8, 0), start + SIGNATURE.length);
  const version = narrow.u8();
  if (version > 3) throw torn(source.what, `its superblock is of version ${version}; 0 to 3 are read`);
  if (version <= 1) narrow.skip(4);
  const [offsetBytes, lengthBytes] = [narrow.u8(), narrow.u8()];
  if (version <= 1) narrow.skip(version === 0 ? 9 : 13);
  else narrow.skip(1);
  const cursor = new Cursor(new Format(source, offsetBytes, lengthBytes, 0), narrow.place);
  const base = cursor.number(offsetBytes);
  const format = new Format(source, offsetBytes, lengthBytes, base);
  cursor.address(); // free space, or the extension
  const end = cursor.address();
  if (end !== null && base + end > source.size) throw torn(source.what, `it was ${base + end} bytes and has ${source.size}`);
  // Versions 0 and 1: the driver's block, then the name in the root's entry.
  if (version <= 1) cursor.skip(offsetBytes * 2);
  return { format, root: cursor.address() };
}

/** At the start, or behind a block of the user's at a power of two from 512 on. */
function findSignature(source: ByteSource): number {
  for (let at = 0; at + 48 <= source.size; at = at === 0 ? 512 : at * 2) {
    const found = source.bytes(at, SIGNATURE.length);
    if (SIGNATURE.every((byte, index) => found[index] === byte)) return at;
  }
  throw torn(source.what, 'it does not begin as one');
}
