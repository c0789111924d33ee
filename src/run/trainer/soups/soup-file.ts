/** A soup of safetensors files of any program, written as one: nothing is evaluated, and no back end is needed. */
import type { SoupRule } from '../../../core/soups/rule.ts';
import { checkAlike } from '../../../core/soups/alike.ts';
import { writeSafetensorsBy } from '../../safetensors-file.ts';
import { fileSource, withSources } from './sources.ts';
import { bytesOf, mixSources, type MixOptions } from './stretches.ts';

/**
 * @param files those that the rule mixes, in its order
 * @throws StarsseError mismatch, file-missing, file-invalid, disk, what the signal says; then no new file is there
 */
export async function writeSoupFile(file: string, rule: SoupRule, files: readonly string[], metadata: Record<string, string>, options: MixOptions = {}): Promise<void> {
  await withSources(files.map((each) => async () => await fileSource(each, each)), async (sources) => {
    checkAlike(sources);
    const entries = sources[0].tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape, sizeBytes: bytesOf({ dtype, shape }) }));
    await writeSafetensorsBy(file, entries, metadata, async (append) => await mixSources(rule, sources, append, options));
  });
}
