/**
 * BMP files (Microsoft, "Bitmap Storage"): a file header of 14 bytes, an information header (here of 12 or at least 40
 * bytes), a palette, then rows from the bottom up, each padded to 4 bytes. Written by hand: libvips has no decoder for
 * them, and the packages tried drop palettes or misplace pixels.
 */
const BI_RGB = 0;
const BI_BITFIELDS = 3;
const BI_ALPHABITFIELDS = 6;

export interface Pixels {
  width: number;
  height: number;
  /** [height, width, 3], red, green, blue; what is transparent keeps its colour, as other readers of BMP do. */
  data: Uint8Array;
}

/** @throws Error saying what is wrong with the file */
export function decodeBmp(bytes: Uint8Array, mostPixels: number): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 30 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) throw new Error('not a BMP file');
  const start = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  const old = headerBytes === 12;
  if ((!old && headerBytes < 40) || bytes.length < 14 + headerBytes) throw new Error(`a header of ${headerBytes} bytes is not known`);
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? BI_RGB : view.getUint32(30, true);
  const height = Math.abs(signedHeight);
  if (width < 1 || height < 1 || width * height > mostPixels) throw new Error(`${width} x ${height} pixels`);
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new Error(`${bits} bits a pixel`);
  const masked = compression === BI_BITFIELDS || compression === BI_ALPHABITFIELDS;
  if (compression !== BI_RGB && !(masked && bits >= 16 && bits !== 24)) throw new Error('it is compressed, which is not read');
  const rowBytes = 4 * Math.ceil((width * bits) / 32);
  if (bytes.length < start + rowBytes * height) throw new Error('premature end of file');
  const colourAt = bits <= 8 ? paletteReader(bytes, 14 + headerBytes, old ? 3 : 4, bits, old ? 0 : view.getUint32(46, true)) : bits === 24 ? bytesReader(bytes) : maskReader(view, bits, masked);
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = start + rowBytes * (signedHeight < 0 ? row : height - 1 - row);
    for (let column = 0; column < width; column++) colourAt(from, column, data, 3 * (row * width + column));
  }
  return { width, height, data };
}

/** Writes the colour of one pixel of the row that begins at `from`. */
type ColourReader = (from: number, column: number, out: Uint8Array, target: number) => void;

function paletteReader(bytes: Uint8Array, palette: number, entryBytes: number, bits: number, used: number): ColourReader {
  const colours = used === 0 ? 2 ** bits : used;
  return (from, column, out, target) => {
    const bit = column * bits;
    const index = (bytes[from + (bit >> 3)] >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
    const entry = palette + entryBytes * index;
    if (index >= colours || entry + 2 >= bytes.length) throw new Error(`colour ${index} of a palette of ${colours}`);
    for (let channel = 0; channel < 3; channel++) out[target + channel] = bytes[entry + 2 - channel];
  };
}

function bytesReader(bytes: Uint8Array): ColourReader {
  return (from, column, out, target) => {
    for (let channel = 0; channel < 3; channel++) out[target + channel] = bytes[from + 3 * column + 2 - channel];
  };
}

function maskReader(view: DataView, bits: number, masked: boolean): ColourReader {
  // The masks of red, green and blue follow the first 40 bytes of the header, or are its fields there.
  if (masked && view.byteLength < 66) throw new Error('premature end of file');
  const masks = masked ? [54, 58, 62].map((at) => view.getUint32(at, true)) : bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
  const parts = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, most: mask >>> shift || 1 };
  });
  return (from, column, out, target) => {
    const value = bits === 16 ? view.getUint16(from + 2 * column, true) : view.getUint32(from + 4 * column, true);
    for (const [channel, { mask, shift, most }] of parts.entries()) out[target + channel] = Math.round((255 * ((value & mask) >>> shift)) / most);
  };
}
