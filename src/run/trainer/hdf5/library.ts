/** The HDF5 library of NIST's h5wasm, which sees one file at a time: bytes that we hand it. It has no way to any other. */
import { createContext, Script } from 'node:vm';
import type { ready as libraryReady } from 'h5wasm';
import { StarsseError } from '../../../protocol/errors.ts';
import { torn, type ByteSource } from './bytes.ts';

/** A call takes milliseconds; a file that leads the library in circles never ends. */
const LONGEST_MS = 60_000;

export type Library = Awaited<typeof libraryReady>;
export type Metadata = ReturnType<Library['get_dataset_metadata']>;

/** An open file. Every call that fails says so as StarsseError file-invalid. */
export interface LibraryFile {
  call<T>(use: (library: Library, id: bigint) => T): T;
  /** Bytes of a dataset as its file type lies in memory of this machine: all, or `counts` from `offsets` on in each dimension. */
  bytes(path: string, byteCount: number, part: { offsets: readonly number[]; counts: readonly number[] } | null): Uint8Array;
  /** What stands beside a group under that name. */
  attribute(path: string, name: string): unknown;
  close(): void;
}

/** What is used of a file or stream of the library's file system, which has no types. */
interface FileNode {
  stream_ops: {
    read?: (stream: unknown, buffer: Uint8Array, offset: number, length: number, position: number) => number;
    write?: (stream: unknown, buffer: Uint8Array, offset: number, length: number) => number;
  };
}

let files = 0;

/** @throws StarsseError file-invalid when the bytes are no HDF5 file */
export async function openInLibrary(source: ByteSource): Promise<LibraryFile> {
  // Four megabytes that few need.
  const { ready, Group } = await import(/* webpackChunkName: 'h5wasm' */ 'h5wasm');
  const library = await ready;
  const name = `/starsse-${++files}.h5`;
  mount(library, name, source);
  const call = <T>(use: () => T): T => guarded(library, use, source.what);
  let id: bigint;
  try {
    id = call(() => succeeded(library.open(name, library.H5F_ACC_RDONLY, false, -1, -1)));
  } catch (error) {
    library.FS.unlink(name);
    throw error;
  }
  return {
    call: (use) => call(() => use(library, id)),
    bytes: (path, byteCount, part) =>
      call(() => {
        const place = library._malloc(Math.max(byteCount, 1));
        if (place === 0) throw new Error(`${path} has ${byteCount} bytes, for which there is no memory`);
        try {
          const [counts, offsets] = part === null ? [null, null] : [part.counts.map(BigInt), part.offsets.map(BigInt)];
          succeeded(library.get_dataset_data(id, path, counts, offsets, part === null ? null : part.counts.map(() => 1n), BigInt(place)));
          return library.HEAPU8.slice(place, place + byteCount);
        } finally {
          library._free(place);
        }
      }),
    attribute: (path, name) => call(() => new Group(id, path).attrs[name].value),
    close() {
      call(() => library.close_file(id));
      library.FS.unlink(name);
    },
  };
}

/** The library says that it failed by a number below zero, and why on its stderr. */
function succeeded<T extends number | bigint>(result: T): T {
  if (result < 0) throw new Error('the HDF5 library refuses it');
  return result;
}

/** A file of the library's own file system whose bytes come from the source. */
function mount({ FS }: Library, name: string, source: ByteSource): void {
  FS.close(FS.open(name, 'w', 0o444));
  const node = FS.lookupPath(name, {}).node as unknown as FileNode;
  Object.defineProperty(node, 'usedBytes', { get: () => source.size });
  node.stream_ops = {
    ...node.stream_ops,
    read(_stream, buffer, offset, length, position) {
      const count = Math.max(0, Math.min(length, source.size - position));
      buffer.set(source.bytes(position, count), offset);
      return count;
    },
  };
}

/** A script with a time limit also ends what it calls. */
const script = new Script('use()');
const sandbox: { use: () => unknown } = { use: () => undefined };
createContext(sandbox);

let isGuarded = false;

/** Calls inside calls are guarded by the outermost. */
function guarded<T>(library: Library, use: () => T, what: string): T {
  if (isGuarded) return use();
  const said = stderrOf(library);
  try {
    isGuarded = true;
    sandbox.use = use;
    return script.runInContext(sandbox, { timeout: LONGEST_MS }) as T;
  } catch (error) {
    if (error instanceof StarsseError) throw error;
    throw torn(what, reasonIn(said()) ?? (error as Error).message.split('\n')[0], error);
  } finally {
    isGuarded = false;
  }
}

/** From now on, what the library says there; it would be the process' own otherwise. */
function stderrOf({ FS }: Library): () => string {
  const parts: string[] = [];
  const stream = (FS as unknown as { getStream(descriptor: number): FileNode }).getStream(2);
  stream.stream_ops = {
    ...stream.stream_ops,
    write(_stream, buffer, offset, length) {
      parts.push(Buffer.from(buffer.subarray(offset, offset + length)).toString());
      return length;
    },
  };
  return () => parts.join('');
}

/** The innermost reason of the library's stack of errors: "#006: H5Fsuper.c line 388 in H5F__super_read(): file signature not found". */
function reasonIn(stack: string): string | undefined {
  return [...stack.matchAll(/^ +#\d+: .*\(\): (.*)$/gm)].at(-1)?.[1];
}
