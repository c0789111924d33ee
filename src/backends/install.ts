/** Installs the native TensorFlow library into the user's cache folder, once for all workspaces. */
import { mkdir, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StarsseError } from '../protocol/errors.ts';
import { NATIVE_LIBRARY_FORMAT, type NativeLibrary } from '../protocol/native-library.ts';
import { folderSizeBytes } from './folder-size.ts';
import { withLock } from './install-lock.ts';
import { installFromPackage, TFJS_NODE_VERSION } from './install-package.ts';
import { installFromWheel } from './install-wheel.ts';
import { probeAddon, type ProbedAddon } from './tensorflow/probe.ts';
import { findLibrary, hasNvidiaDevice, libraryFolder, type InstalledLibrary, type LibraryKind } from './tensorflow/library.ts';

export interface InstallProgress {
  stage: 'waiting' | 'package' | 'sources' | 'library' | 'unpack' | 'compile' | 'check' | 'fallback' | 'done';
  /** Of the way that is being tried, 0..1; null where it cannot be told. */
  fraction: number | null;
  /** One line, for people. */
  message: string;
}

/** Where a stage begins, in parts of the whole time of a build. */
const FRACTIONS: Partial<Record<InstallProgress['stage'], number>> = { sources: 0.02, library: 0.08, unpack: 0.4, compile: 0.5, check: 0.98, done: 1 };

export interface InstallOptions {
  /** True: only a library that reports a GPU will do. False: the CPU's. Default: the GPU's where there is a card and it works. */
  gpu?: boolean;
  onProgress?: (progress: InstallProgress) => void;
  signal?: AbortSignal;
}

/** What each way of installing is given. */
export interface InstallStep {
  /** An empty folder; what is left there at the end is what is installed. */
  folder: string;
  kind: LibraryKind;
  signal: AbortSignal;
  report: (stage: InstallProgress['stage'], message: string) => void;
}

/** Wheel, unpacked libraries and their stripped copies lie side by side for a while. */
const ROOM_NEEDED_BYTES = 2.5e9;

/**
 * Installs what is missing; returns at once what is installed and works.
 * Several processes may call this at the same time: one works, the others wait and find its result.
 *
 * @throws StarsseError `backend-failed` naming what failed in each way tried, `disk`, `cancelled`.
 */
export async function installTensorflow({ gpu, onProgress, signal }: InstallOptions = {}): Promise<InstalledLibrary> {
  const step = {
    signal: signal ?? new AbortController().signal,
    report: (stage: InstallProgress['stage'], message: string): void => onProgress?.({ stage, fraction: FRACTIONS[stage] ?? null, message }),
  };
  if (gpu === undefined) {
    // Whatever works already is enough: a card that no library could use must not cost a download each time.
    for (const kind of ['gpu', 'cpu'] as const) {
      const present = await findWorking(kind, { ...step, report: () => undefined });
      if (present !== null) return present;
    }
  }
  if (gpu ?? hasNvidiaDevice()) {
    try {
      return await installKind('gpu', step);
    } catch (error) {
      if (gpu === true || StarsseError.from(error).code === 'cancelled') throw error;
      step.report('fallback', `No GPU library: ${StarsseError.from(error).message} Installing the one for the CPU.`);
    }
  }
  return installKind('cpu', step);
}

type Step = Pick<InstallStep, 'signal' | 'report'>;

async function installKind(kind: LibraryKind, step: Step): Promise<InstalledLibrary> {
  const target = libraryFolder(kind);
  const onWait = (): void => step.report('waiting', 'Another process is installing the library; waiting for it');
  return withLock(`${target}.lock`, step.signal, onWait, async () => {
    const present = await findWorking(kind, step);
    if (present !== null) return present;
    await removeLeftovers(target);
    const folder = `${target}.building-${process.pid}`;
    try {
      await mkdir(folder, { recursive: true });
      await checkRoom(folder);
      await build(kind, folder, step);
      await putInPlace(folder, target);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const installed = findLibrary(kind);
    if (installed === null) throw new StarsseError('internal', `${target} vanished right after the installation.`);
    step.report('done', `TensorFlow ${installed.tensorflow} is installed in ${target} (${Math.round(installed.sizeBytes / 1e6)} MB)`);
    return installed;
  });
}

/** The installed library if its addon loads; a manifest that cannot be read counts as none. */
async function findWorking(kind: LibraryKind, { signal, report }: Step): Promise<InstalledLibrary | null> {
  try {
    const library = findLibrary(kind);
    if (library !== null) await probeAddon(join(library.folder, library.binding), signal);
    return library;
  } catch (error) {
    const { code, message } = StarsseError.from(error);
    if (code === 'cancelled') throw error;
    report('fallback', `The installed library does not work and is replaced: ${message}`);
    return null;
  }
}

/** Tries the ways in turn and writes the manifest of the first that gives a working addon. */
async function build(kind: LibraryKind, folder: string, step: Step): Promise<void> {
  // There is no second way to a GPU library: PyPI's CUDA wheels are untested with this addon.
  const ways = kind === 'gpu' ? { package: installFromPackage } : { package: installFromPackage, wheel: installFromWheel };
  const failures: StarsseError[] = [];
  for (const [source, install] of Object.entries(ways)) {
    try {
      const binding = await install({ folder, kind, ...step });
      step.report('check', 'Checking that the library loads');
      const probed = await probeAddon(join(folder, binding), step.signal);
      if (kind === 'gpu' && !probed.gpu) throw new StarsseError('backend-failed', `TensorFlow ${probed.tensorflow} loads but reports no GPU.`);
      await writeManifest(folder, { kind, binding, source: source as NativeLibrary['source'], probed });
      return;
    } catch (error) {
      const failure = StarsseError.from(error);
      if (failure.code === 'cancelled') throw failure;
      failures.push(failure);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      if (failures.length < Object.keys(ways).length) step.report('fallback', `${failure.message} Building the library here instead.`);
    }
  }
  throw new StarsseError('backend-failed', `The native library could not be installed. ${failures.map((failure) => failure.message).join(' ')}`, {
    hint: failures.at(-1)?.hint ?? 'Check the network, then run the installation again.',
    cause: failures.at(-1),
  });
}

async function writeManifest(
  folder: string,
  { kind, binding, source, probed }: Pick<NativeLibrary, 'kind' | 'binding' | 'source'> & { probed: ProbedAddon },
): Promise<void> {
  const manifest: NativeLibrary = {
    format: NATIVE_LIBRARY_FORMAT,
    kind,
    platform: process.platform,
    arch: process.arch,
    tensorflow: probed.tensorflow,
    tfjsNode: TFJS_NODE_VERSION,
    source,
    binding,
    installedAt: new Date().toISOString(),
    sizeBytes: await folderSizeBytes(folder),
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** A rename is the last step, so a folder with its final name is always complete. */
async function putInPlace(folder: string, target: string): Promise<void> {
  const replaced = `${target}.building-${process.pid}-replaced`;
  await rename(target, replaced).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(folder, target);
  await rm(replaced, { recursive: true, force: true });
}

/** Half-built folders of processes that were killed. The caller holds the lock, so nobody is using them. */
async function removeLeftovers(target: string): Promise<void> {
  for (const name of await readdir(dirname(target))) {
    if (name.startsWith(`${basename(target)}.building-`)) await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}

async function checkRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < ROOM_NEEDED_BYTES) {
    throw new StarsseError('disk', `Only ${(free / 1e9).toFixed(1)} GB are free for ${folder}; the installation needs ${ROOM_NEEDED_BYTES / 1e9} GB for a while.`, {
      hint: 'Free some space, or set STARSSE_CACHE to a folder on another disk.',
    });
  }
}
