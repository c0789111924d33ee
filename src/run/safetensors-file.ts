/** Safetensors files: written whole or not at all, read whole or tensor by tensor. The header is protocol/safetensors.ts. */
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { StarsseError } from '../protocol/errors.ts';
import { encodeHeader, headerLength, parseHeader, type EntryToWrite, type SafetensorsHeader, type TensorEntry } from '../protocol/safetensors.ts';
import type { TensorData } from '../protocol/tensor.ts';
import { checkDiskSpace } from './disk-space.ts';
import { replaceFile, replaceFileBy, type Append } from './write.ts';

/** What one read takes: enough that its cost does not show, little enough that several are under way. */
const READ_BYTES = 8 << 20;
const READ_PARTS = 512;

/**
 * Replaces a safetensors file, tensor by tensor, in the order given; not begun where the disk has no room for it.
 * @param metadata becomes `__metadata__`.
 * @throws StarsseError disk
 */
export async function writeSafetensors(file: string, tensors: TensorData[], metadata: Record<string, string>): Promise<void> {
  const header = await headerFor(file, tensors.map(({ name, dtype, shape, data }) => ({ name, dtype, shape, sizeBytes: data.byteLength })), metadata);
  await replaceFile(file, [header, ...tensors.map(({ data }) => data)]);
}

/**
 * The same for tensors that come in pieces, in the order of `entries`, and need not fit into memory.
 * @throws StarsseError disk, what `write` throws; the old file is then there
 */
export async function writeSafetensorsBy(file: string, entries: readonly EntryToWrite[], metadata: Record<string, string>, write: (append: Append) => Promise<void>): Promise<void> {
  const header = await headerFor(file, entries, metadata);
  await replaceFileBy(file, async (append) => {
    await append([header]);
    await write(append);
  });
}

async function headerFor(file: string, entries: readonly EntryToWrite[], metadata: Record<string, string>): Promise<Uint8Array> {
  const header = encodeHeader(entries, metadata);
  await checkDiskSpace(path.dirname(file), entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, header.length), file);
  return header;
}

/** Reads and checks the header only. @throws StarsseError file-missing, file-invalid */
export async function readSafetensorsHeader(file: string): Promise<SafetensorsHeader> {
  return await withFile(file, async (handle) => await readHeader(handle, file));
}

/** How long the JSON header is; nothing else is read. @throws StarsseError file-missing, file-invalid */
export async function headerBytesOf(file: string): Promise<number> {
  return await withFile(file, async (handle) => {
    const { size } = await handle.stat();
    return headerLength(await readBytes(handle, 0, Math.min(8, size), file), size, file);
  });
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
    return { metadata: header.metadata, tensors: await readTensors(handle, wanted, file) };
  });
}

async function readHeader(handle: FileHandle, file: string): Promise<SafetensorsHeader> {
  const { size } = await handle.stat();
  const first8 = await readBytes(handle, 0, Math.min(8, size), file);
  const headerBytes = headerLength(first8, size, file);
  const json = await readBytes(handle, 8, headerBytes, file);
  return parseHeader(new TextDecoder().decode(json), size, headerBytes, file);
}

/** Neighbours together, several reads at once, each straight into the memory of its tensors. */
async function readTensors(handle: FileHandle, entries: readonly TensorEntry[], file: string): Promise<TensorData[]> {
  const tensors = entries.map(({ name, dtype, shape, start, end }) => ({ name, dtype, shape, data: new Uint8Array(end - start) }));
  let first = 0;
  const reads: Promise<void>[] = [];
  for (let next = 1; next <= entries.length; next++) {
    const together = next < entries.length && entries[next].start === entries[next - 1].end && entries[next].end - entries[first].start <= READ_BYTES && next - first < READ_PARTS;
    if (together) continue;
    reads.push(readInto(handle, entries[first].start, tensors.slice(first, next).map(({ data }) => data), file));
    first = next;
  }
  await Promise.all(reads);
  return tensors;
}

async function readBytes(handle: FileHandle, position: number, length: number, file: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await readInto(handle, position, [bytes], file);
  return bytes;
}

/** Fills the buffers, one after the other, from a position of the file on. @throws StarsseError file-invalid when the file ends before */
export async function readInto(handle: FileHandle, position: number, buffers: readonly Uint8Array[], file: string): Promise<void> {
  let left = buffers.filter(({ byteLength }) => byteLength > 0);
  let at = position;
  while (left.length > 0) {
    let { bytesRead } = await handle.readv(left, at);
    if (bytesRead === 0) throw new StarsseError('file-invalid', `${file}: ended at byte ${at} while it was being read`);
    at += bytesRead;
    while (left.length > 0 && bytesRead >= left[0].byteLength) {
      bytesRead -= left[0].byteLength;
      left = left.slice(1);
    }
    if (bytesRead > 0) left = [left[0].subarray(bytesRead), ...left.slice(1)];
  }
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
