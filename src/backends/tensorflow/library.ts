import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NativeLibrarySchema, type NativeLibrary } from '../../protocol/native-library.ts';
import { parseJson } from '../../protocol/parse.ts';
import { cacheFolder } from '../cache-folder.ts';

export type LibraryKind = NativeLibrary['kind'];

/** An installed library: its manifest and the folder it lies in. */
export interface InstalledLibrary extends NativeLibrary {
  folder: string;
}

/** Where the library of a kind is, or would be, installed on this machine. */
export function libraryFolder(kind: LibraryKind): string {
  return join(cacheFolder(), 'tensorflow', `${kind}-${process.platform}-${process.arch}`);
}

/**
 * The installed library of a kind, or null where there is none.
 * @throws StarsseError `file-invalid` when its manifest cannot be read.
 */
export function findLibrary(kind: LibraryKind): InstalledLibrary | null {
  const folder = libraryFolder(kind);
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) return null;
  return { ...parseJson(NativeLibrarySchema, readFileSync(path, 'utf8'), path), folder };
}

/** Whether the machine has a graphics card that CUDA could use; loads nothing. */
export function hasNvidiaDevice(): boolean {
  if (process.platform === 'linux') return existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');
  if (process.platform === 'win32') return existsSync(join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'nvcuda.dll'));
  return false;
}

/** The library this machine should use: the GPU's where there is a card, else the CPU's, else whatever there is. */
export function chooseLibrary(): InstalledLibrary | null {
  const gpu = findLibrary('gpu');
  if (gpu !== null && hasNvidiaDevice()) return gpu;
  return findLibrary('cpu') ?? gpu;
}
