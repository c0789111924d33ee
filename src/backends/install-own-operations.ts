/** Compiles the operations of our own (tensorflow/native) beside the addon of tfjs-node. */
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiled for AVX2, which is asked for before they are run. */
const KERNELS = [
  new URL('./tensorflow/native/batch-norm.cc', import.meta.url),
  new URL('./tensorflow/native/filter-gradient.cc', import.meta.url),
  new URL('./tensorflow/native/gelu.cc', import.meta.url),
  new URL('./tensorflow/native/input-gradient.cc', import.meta.url),
  new URL('./tensorflow/native/layer-norm.cc', import.meta.url),
  new URL('./tensorflow/native/softmax.cc', import.meta.url),
];
/** A multiplication and an addition are never one operation here. */
const PLAIN = [
  new URL('./tensorflow/native/adamw.cc', import.meta.url),
  new URL('./tensorflow/native/operations.cc', import.meta.url),
  new URL('./tensorflow/native/sgd.cc', import.meta.url),
  new URL('./tensorflow/native/threads.cc', import.meta.url),
];
const HEADERS = [
  new URL('./tensorflow/native/exponential.h', import.meta.url),
  new URL('./tensorflow/native/kernels.h', import.meta.url),
  new URL('./tensorflow/native/threads.h', import.meta.url),
  new URL('./tensorflow/native/vectors.h', import.meta.url),
];

/**
 * @param compile runs the compiler in the folder `build`
 * @param to the addon, relative to `build`
 * @param linked flags of the addon: headers, libraries
 */
export async function compileOwnOperations(compile: (args: string[]) => Promise<string>, build: string, to: string, linked: readonly string[]): Promise<void> {
  await mkdir(join(build, 'operations'));
  for (const source of [...KERNELS, ...PLAIN, ...HEADERS]) await copyFile(fileURLToPath(source), join(build, 'operations', nameOf(source)));
  const sources = (urls: readonly URL[]): string[] => urls.map((url) => join('operations', nameOf(url)));
  const vectors = process.arch === 'x64' ? ['-mavx2', '-mfma'] : [];
  for (const source of sources(KERNELS)) await compile(['-std=c++17', '-O3', '-fPIC', ...vectors, '-c', source, '-o', `${source}.o`]);
  await compile(['-std=c++17', '-O3', '-ffp-contract=off', '-fno-math-errno', '-fPIC', '-shared', '-DNAPI_VERSION=8', ...sources(PLAIN), ...sources(KERNELS).map((source) => `${source}.o`), '-pthread', '-o', to, ...linked]);
}

function nameOf(url: URL): string {
  return basename(fileURLToPath(url));
}
