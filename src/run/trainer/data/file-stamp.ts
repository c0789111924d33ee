/** What tells that a file is the one of before, without reading it. */
import { stat } from 'node:fs/promises';

export type FileStamp = [file: string, sizeBytes: number, modifiedMs: number];

/** A file that is not there has the size -1. */
export async function stampOf(file: string): Promise<FileStamp> {
  const found = await stat(file).catch(() => null);
  return [file, found?.size ?? -1, found?.mtimeMs ?? -1];
}
