/** Safetensors files: written whole or not at all, read whole or tensor by tensor. The header is protocol/safetensors.ts. */
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { StarsseError } from '../protocol/errors.ts';
import { encodeHeader, headerLength, parseHeader, type SafetensorsHeader, type TensorEntry } from '../protocol/safetensors.ts';
import type { TensorData } from '../protocol/tensor.ts';
import { checkDiskSpace } from './disk-space.ts';
import { replaceFile } from './write.ts';

/**
 * Replaces a safetensors file, tensor by tensor, in the order given; not begun where the disk has no room for it.
 * @param metadata becomes `__metadata__`.
 * @throws StarsseError disk
 */
export async function writeSafetensors(file: string, tensors: TensorData[], metadata: Record<string, string>): Promise<void> {
  const entries = tensors.map(({ name, dtype, shape, data }) => ({ name, dtype, shape, sizeBytes: data.byteLength }));
  const header = encodeHeader(entries, metadata);
  await checkDiskSpace(path.dirname(file), entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, header.length), file);
  await replaceFile(file, [header, ...tensors.map(({ data }) => data)]);
}

/** Reads and checks the header only. @throws StarsseError file-missing, file-invalid */
export async function readSafetensorsHeader(file: string): Promise<SafetensorsHeader> {
  return await withFile(file, async (handle) => await readHeader(handle, file));
}

/**
 * Reads a file, or those of its tensors whose names are given, in the file's order. Each gets memory of its own, aligned
 * for any typed array.
 * @throws StarsseError file-missing, file-invalid; mismatch when a name is not there.
 */
export async function readSafetensors(file: string, names?: string[]): Promise<{ metadata: Record<string, string>; tensors: TensorData[] }> {
  return await withFile(file, async (handle) => {
    const header = await readHeader(handle, file);
    const missing = names?.find((name) => !header.tensors.some((tensor) => tensor.name === name));
    if (missing !== undefined) throw new StarsseError('mismatch', `${file} has no tensor "${missing}"`);
    const wanted = names === undefined ? header.tensors : header.tensors.filter(({ name }) => names.includes(name));
    const tensors: TensorData[] = [];
    for (const entry of wanted) tensors.push(await readTensor(handle, entry, file));
    return { metadata: header.metadata, tensors };
  });
}

async function readHeader(handle: FileHandle, file: string): Promise<SafetensorsHeader> {
  const { size } = await handle.stat();
  const first8 = await readBytes(handle, 0, Math.min(8, size), file);
  const headerBytes = headerLength(first8, size, file);
  const json = await readBytes(handle, 8, headerBytes, file);
  return parseHeader(new TextDecoder().decode(json), size, headerBytes, file);
}

async function readTensor(handle: FileHandle, { name, dtype, shape, start, end }: TensorEntry, file: string): Promise<TensorData> {
  return { name, dtype, shape, data: await readBytes(handle, start, end - start, file) };
}

async function readBytes(handle: FileHandle, position: number, length: number, file: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new StarsseError('file-invalid', `${file}: ended at byte ${position + done} while it was being read`);
    done += bytesRead;
  }
  return bytes;
}

async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (['ENOENT', 'ENOTDIR'].includes(code)) throw new StarsseError('file-missing', `${file} is missing`, { cause: error, hint: 'Check the path.' });
    throw new StarsseError('file-invalid', `${file} cannot be opened: ${(error as Error).message}`, { cause: error });
  }
  try {
    if (!(await handle.stat()).isFile()) throw new StarsseError('file-invalid', `${file} is not a file`);
    return await use(handle);
  } finally {
    await handle.close();
  }
}
