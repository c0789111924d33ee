/** Control goes by disk: a request is a file in the run's folder, so local processes and other machines are one mechanism. */
import { access, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runFiles } from './folder.ts';
import { replaceFile } from './write.ts';

/** Asks whoever works on the run to finish the step, save and end. @throws StarsseError disk */
export async function requestStop(folder: string): Promise<void> {
  const file = runFiles.stopRequest(folder);
  await mkdir(path.dirname(file), { recursive: true });
  await replaceFile(file, [`${new Date().toISOString()}\n`]);
}

export async function stopRequested(folder: string): Promise<boolean> {
  return await access(runFiles.stopRequest(folder)).then(
    () => true,
    () => false,
  );
}

/** Takes a stop request back, so that the run can go on. */
export async function withdrawStop(folder: string): Promise<void> {
  await rm(runFiles.stopRequest(folder), { force: true });
}
