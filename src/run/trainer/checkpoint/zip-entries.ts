/** Named entries of a zip file: those stored as they are by ranges, packed ones inflated, with limits that are checked before. */
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { StarsseError } from '../../../protocol/errors.ts';
import { fileBytes, memoryBytes, type ByteSource } from '../hdf5/bytes.ts';

/** Weights hardly shrink when packed; what grows a thousandfold is made to fill memory. */
const MOST_GROWTH = 100;
const MOST_ENTRIES = 10_000;
const FREE_BYTES = 16_000_000;

/**
 * Opens the entries whose names are given, those that are there; the caller closes them.
 * @param limits bytes of packed ones at most, by name
 * @throws StarsseError file-missing, file-invalid
 */
export async function openZipEntries(file: string, limits: Readonly<Record<string, number>>): Promise<Map<string, ByteSource>> {
  let zip: ZipFile;
  try {
    zip = await openPromise(file, { autoClose: false, validateEntrySizes: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new StarsseError('file-missing', `${file} is missing`, { cause: error, hint: 'Check the path.' });
    throw torn(file, message, error);
  }
  const found = new Map<string, ByteSource>();
  try {
    if (zip.entryCount > MOST_ENTRIES) throw torn(file, `${zip.entryCount} entries`);
    for await (const entry of zip.eachEntry()) {
      const limit = Object.hasOwn(limits, entry.fileName) ? limits[entry.fileName] : null;
      if (limit === null) continue;
      if (found.has(entry.fileName)) throw torn(file, `${entry.fileName} is in it twice`);
      found.set(entry.fileName, entry.compressionMethod === 0 && !entry.isEncrypted() ? await storedEntry(zip, entry, file) : memoryBytes(await readEntry(zip, entry, limit, file), file));
    }
    return found;
  } catch (error) {
    for (const source of found.values()) source.close();
    throw error instanceof StarsseError ? error : torn(file, (error as Error).message, error);
  } finally {
    zip.close();
  }
}

async function storedEntry(zip: ZipFile, entry: Entry, file: string): Promise<ByteSource> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  return fileBytes(file, { start: fileDataStart, size: entry.uncompressedSize });
}

async function readEntry(zip: ZipFile, entry: Entry, limit: number, file: string): Promise<Uint8Array<ArrayBuffer>> {
  const { fileName, uncompressedSize: size, compressedSize } = entry;
  if (size > limit || size > FREE_BYTES + MOST_GROWTH * Math.min(compressedSize, zip.fileSize)) {
    throw new StarsseError('file-invalid', `${file}: ${fileName} claims to be ${size} bytes, packed into ${compressedSize}; that much is not unpacked`, { hint: 'Save the model again.' });
  }
  const bytes = new Uint8Array(size);
  let done = 0;
  // yauzl ends with an error when there are more bytes or fewer than the entry says.
  for await (const part of await zip.openReadStreamPromise(entry)) {
    const chunk = part as Uint8Array;
    bytes.set(chunk, done);
    done += chunk.length;
  }
  return bytes;
}

function torn(file: string, problem: string, cause?: unknown): StarsseError {
  return new StarsseError('file-invalid', `${file}: not a whole zip file: ${problem}`, { cause, hint: 'The file is torn or of another kind. Copy or make it again.' });
}
