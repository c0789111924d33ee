import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of the files' bytes, one after the other, hex; of one file what `sha256sum` prints. */
export async function fingerprintOfFiles(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) for await (const bytes of createReadStream(file)) hash.update(bytes as Uint8Array);
  return hash.digest('hex');
}
