/** manifest.json beside an installed native TensorFlow library: what it is and where its addon lies. */
import * as v from 'valibot';

export const NATIVE_LIBRARY_FORMAT = 1;

export const NativeLibrarySchema = v.object({
  format: v.literal(NATIVE_LIBRARY_FORMAT),
  /** What the library was built for; a 'gpu' library also runs on the CPU. */
  kind: v.picklist(['cpu', 'gpu']),
  platform: v.string(),
  arch: v.string(),
  /** Versions of libtensorflow and of the tfjs-node package the addon belongs to. */
  tensorflow: v.string(),
  tfjsNode: v.string(),
  /** 'package': what the package downloaded; 'wheel': its addon, compiled against the library of a Python wheel. */
  source: v.picklist(['package', 'wheel']),
  /** Path of the addon, relative to the manifest's folder. */
  binding: v.pipe(v.string(), v.regex(/^(?!.*\.\.)[\w./-]+\.node$/)),
  /** Which operations of our own were compiled beside the addon, where the compiler took them. */
  operations: v.optional(v.number()),
  installedAt: v.string(), // ISO 8601, UTC
  sizeBytes: v.number(),
});
export type NativeLibrary = v.InferOutput<typeof NativeLibrarySchema>;
