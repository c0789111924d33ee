/** A safetensors file, read by ranges. */
import { stat } from 'node:fs/promises';
import { DTYPE_BYTES } from '../../../protocol/safetensors.ts';
import { readSafetensorsHeader } from '../../safetensors-file.ts';
import { fileSource } from '../soups/sources.ts';
import { numbersOf } from './numbers.ts';
import { twoRooms } from './rooms.ts';
import type { TensorFile } from './tensor-file.ts';

/** @throws StarsseError file-missing, file-invalid */
export async function openSafetensors(file: string): Promise<TensorFile> {
  const { metadata, tensors } = await readSafetensorsHeader(file);
  const source = await fileSource(file, file);
  const room = twoRooms();
  return {
    kind: 'safetensors',
    sizeBytes: (await stat(file)).size,
    metadata,
    tensors: tensors.map(({ name, dtype, shape, start, end }) => ({ name, dtype, shape, sizeBytes: end - start, start })),
    async read(tensor, from, count) {
      const { name, dtype } = tensors[tensor];
      const width = DTYPE_BYTES[dtype];
      const bytes = room(count * width);
      await source.read([{ tensor: name, from: from * width, into: bytes }]);
      return numbersOf(dtype, bytes, `${file}: ${name}`);
    },
    close: () => source.close(),
  };
}
