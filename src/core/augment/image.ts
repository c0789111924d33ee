/** Pixels of one image, bytes 0..255 with channels last. */
export interface Image {
  /** [height, width, channels] */
  data: Uint8Array;
  height: number;
  width: number;
  /** 1 = grey, 3 = RGB */
  channels: number;
}

/** A byte: rounded, and 0 or 255 for what is beyond. */
export function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}

/** Every byte through a table of 256, one for all channels or one each, in place. */
export function mapBytes({ data, channels }: Image, tables: readonly Uint8Array[]): void {
  if (tables.length === 1) {
    const [table] = tables;
    for (let index = 0; index < data.length; index++) data[index] = table[data[index]];
    return;
  }
  for (const [channel, table] of tables.entries()) {
    for (let index = channel; index < data.length; index += channels) data[index] = table[data[index]];
  }
}

/** Brightness of a pixel: 0.299 R + 0.587 G + 0.114 B (ITU-R 601-2), in 16-bit fixed point as Pillow computes it. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}
