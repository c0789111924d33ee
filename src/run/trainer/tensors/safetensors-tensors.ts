/** A safetensors file, read by ranges. */
import { open, stat } from 'node:fs/promises';
import { DTYPE_BYTES } from '../../../protocol/safetensors.ts';
import { readInto, readSafetensorsHeader } from '../../safetensors-file.ts';
import { numbersOf } from './numbers.ts';
import { twoRooms } from './rooms.ts';
import type { TensorFile } from './tensor-file.ts';

/** @throws StarsseError file-missing, file-invalid */
export async function openSafetensors(file: string): Promise<TensorFile> {
  const { metadata, tensors } = await readSafetensorsHeader(file);
  const handle = await open(file, 'r');
  const room = twoRooms();
  return {
    kind: 'safetensors',
    sizeBytes: (await stat(file)).size,
    metadata,
    tensors: tensors.map(({ name, dtype, shape, start, end }) => ({ name, dtype, shape, sizeBytes: end - start, start })),
    async read(tensor, from, count) {
      const { name, dtype, start } = tensors[tensor];
      const width = DTYPE_BYTES[dtype];
      const bytes = room(count * width);
      await readInto(handle, start + from * width, [bytes], file);
      return numbersOf(dtype, bytes, `${file}: ${name}`);
    },
    close: () => handle.close(),
  };
}
