/** Installs the native TensorFlow library into the user's cache folder, once for all workspaces. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StarsseError } from '../protocol/errors.ts';
import { NATIVE_LIBRARY_FORMAT, type NativeLibrary } from '../protocol/native-library.ts';
import { folderSizeBytes } from './folder-size.ts';
import { installFolder } from './install-folder.ts';
import { installFromPackage, TFJS_NODE_VERSION } from './install-package.ts';
import { installFromWheel } from './install-wheel.ts';
import { OWN_OPERATIONS_VERSION } from './tensorflow/own-operations.ts';
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

type Step = Pick<InstallStep, 'signal' | 'report'>;

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
      const present = await findCurrent(kind, { ...step, report: () => undefined });
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

async function installKind(kind: LibraryKind, step: Step): Promise<InstalledLibrary> {
  const target = libraryFolder(kind);
  let built = false;
  let installed: InstalledLibrary;
  try {
    installed = await installFolder({
      target,
      signal: step.signal,
      roomNeededBytes: ROOM_NEEDED_BYTES,
      findWorking: () => findCurrent(kind, step),
      build: (folder) => {
        built = true;
        return build(kind, folder, step);
      },
      onWait: () => step.report('waiting', 'Another process is installing the library; waiting for it'),
    });
  } catch (error) {
    const { code, message } = StarsseError.from(error);
    const earlier = code === 'cancelled' ? null : await findWorking(kind, step);
    if (earlier === null) throw error;
    step.report('fallback', `The library of an earlier version stays, which is slower: ${message}`);
    return earlier;
  }
  if (built) step.report('done', `TensorFlow ${installed.tensorflow} is installed in ${target} (${Math.round(installed.sizeBytes / 1e6)} MB)`);
  return installed;
}

/** The installed library if it works and has the operations of this version, where it was compiled here and so could have them. */
async function findCurrent(kind: LibraryKind, step: Step): Promise<InstalledLibrary | null> {
  const library = await findWorking(kind, step);
  return library?.source === 'wheel' && library.operations !== OWN_OPERATIONS_VERSION ? null : library;
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
    ...(source === 'wheel' ? { operations: OWN_OPERATIONS_VERSION } : {}),
    installedAt: new Date().toISOString(),
    sizeBytes: await folderSizeBytes(folder),
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
