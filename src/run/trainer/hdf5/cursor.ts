/** Reading the structure of an HDF5 file, field after field; all numbers are little-endian. */
import { torn, type ByteSource } from './bytes.ts';

/** No network needs more; a file that leads in circles does. */
const MOST_STEPS = 4_000_000;

/** What the superblock says of all other fields. */
export class Format {
  readonly source: ByteSource;
  /** Bytes of an address, and of a length. */
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  /** Where addresses count from. */
  readonly base: number;
  #steps = 0;

  constructor(source: ByteSource, offsetBytes: number, lengthBytes: number, base: number) {
    if (![2, 4, 8].includes(offsetBytes) || ![2, 4, 8].includes(lengthBytes)) throw torn(source.what, `addresses of ${offsetBytes} bytes, lengths of ${lengthBytes}`);
    this.source = source;
    this.offsetBytes = offsetBytes;
    this.lengthBytes = lengthBytes;
    this.base = base;
  }

  /** A place in the file to read from. @param address as the file counts, null for one that is not there */
  at(address: number | null, what: string): Cursor {
    if (address === null) throw this.torn(`${what} is nowhere`);
    if (++this.#steps > MOST_STEPS) throw this.torn('it leads in circles');
    return new Cursor(this, this.base + address);
  }

  torn(problem: string): Error {
    return torn(this.source.what, problem);
  }
}

export class Cursor {
  readonly format: Format;
  /** Byte in the source. */
  place: number;

  constructor(format: Format, place: number) {
    this.format = format;
    this.place = place;
  }

  bytes(length: number): Uint8Array {
    const found = this.format.source.bytes(this.place, length);
    this.place += length;
    return found;
  }

  skip(length: number): void {
    this.place += length;
  }

  /** An unsigned number; null where all its bits are set, which stands for none. */
  maybe(bytes: number): number | null {
    const found = this.bytes(bytes);
    let value = 0;
    let all = true;
    for (let i = bytes - 1; i >= 0; i--) {
      value = value * 256 + found[i];
      all &&= found[i] === 255;
    }
    return all ? null : value;
  }

  /** An unsigned number of 1 to 8 bytes. @throws StarsseError file-invalid above 2^53 */
  number(bytes: number): number {
    const value = this.maybe(bytes) ?? 256 ** bytes - 1;
    if (!Number.isSafeInteger(value)) throw this.format.torn(`${value} at byte ${this.place - bytes}`);
    return value;
  }

  u8(): number {
    return this.number(1);
  }

  u16(): number {
    return this.number(2);
  }

  u32(): number {
    return this.number(4);
  }

  address(): number | null {
    return this.maybe(this.format.offsetBytes);
  }

  length(): number {
    return this.number(this.format.lengthBytes);
  }

  /** @throws StarsseError file-invalid where four other letters are */
  expect(signature: string): void {
    const at = this.place;
    const found = new TextDecoder('latin1').decode(this.bytes(signature.length));
    if (found !== signature) throw this.format.torn(`${signature} is missing at byte ${at}`);
  }

  /** UTF-8 up to its end or the first zero. */
  text(length: number): string {
    const found = this.bytes(length);
    const end = found.indexOf(0);
    return new TextDecoder().decode(end < 0 ? found : found.subarray(0, end));
  }
}
