/**
 * Operations of our own, from `native`, beside TensorFlow's: compiled with the addon of tfjs-node, for processors. Where there are none (a library
 * of the package's own download, an old processor, a GPU) TensorFlow's do the same, in other bits.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const OWN_OPERATIONS = [
  'StarsseBatchNorm', 'StarsseBatchNormGrad', 'StarsseBatchNormReluGrad', 'StarsseFilterGradient', 'StarsseInputGradient', 'StarsseLayerNorm', 'StarsseLayerNormGrad', 'StarsseGelu', 'StarsseGeluGrad',
  'StarsseSoftmax', 'StarsseSgd', 'StarsseAdamw',
] as const;
export type OwnOperation = (typeof OWN_OPERATIONS)[number];

/** Another number where what an operation takes or gives changes. */
export const OWN_OPERATIONS_VERSION = 2;
/** The addon's file, beside that of tfjs-node. */
export const OWN_OPERATIONS_FILE = `starsse_operations_${OWN_OPERATIONS_VERSION}.node`;

interface Addon {
  /** What this processor can run. */
  operations: string[];
  /** It has AVX-512. */
  wide: boolean;
  setThreads(threads: number): void;
}

/** Above it a convolution of TensorFlow's has more threads than the parts that ours is made of. */
const MOST_THREADS = 4;

let present: readonly OwnOperation[] = [];
let used: ReadonlySet<OwnOperation> = new Set();

/**
 * Makes the operations known to the TensorFlow that is loaded, once a process. A file that does not load is told and does without.
 * @param binding path of the addon of tfjs-node
 * @param threads of an operation
 */
export function loadOwnOperations(binding: string, threads: number): void {
  const path = join(dirname(binding), OWN_OPERATIONS_FILE);
  if (!existsSync(path)) return;
  const addon = { exports: {} as Addon };
  try {
    process.dlopen(addon, path);
  } catch (error) {
    console.log(`Without the operations of our own, slower: ${path} does not load: ${String(error)}`);
    return;
  }
  const { operations, wide, setThreads } = addon.exports;
  setThreads(threads);
  present = OWN_OPERATIONS.filter((name) => operations.includes(name));
  // TensorFlow's convolutions use AVX-512, ours do not.
  const convolutions = !wide && threads <= MOST_THREADS;
  used = new Set(present.filter((name) => convolutions || !(name === 'StarsseFilterGradient' || name === 'StarsseInputGradient')));
}

/** Those that this process could run. */
export function presentOperations(): readonly OwnOperation[] {
  return present;
}

/** Whether an operation of our own takes the place of TensorFlow's. */
export function owns(operation: OwnOperation): boolean {
  return used.has(operation);
}

/** Runs something with all operations that this processor can run, or with none. @throws Error when it lacks some of `'all'` */
export function withOwnOperations<T>(which: 'all' | 'none', run: () => T): T {
  if (which === 'all' && present.length < OWN_OPERATIONS.length) throw new Error(`of our operations there are only: ${present.join(', ')}`);
  const before = used;
  used = new Set(which === 'all' ? present : []);
  try {
    return run();
  } finally {
    used = before;
  }
}
