/** What the benches ran on, in words for README. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../src/backends/cache-folder.ts';
import { chooseLibrary, hasNvidiaDevice } from '../src/backends/tensorflow/library.ts';

/** "2 cores of AMD EPYC, no graphics card, Node 24.21.0, TensorFlow 2.21.0, PyTorch 2.13.0" */
export function machine(): string {
  const cores = availableParallelism();
  const processor = (cpus()[0]?.model ?? process.arch).replaceAll(/\(R\)|\(TM\)|\s+\d+-Core.*/g, '').trim();
  return [
    `${cores} ${cores === 1 ? 'core' : 'cores'} of ${processor}`,
    hasNvidiaDevice() ? 'a graphics card' : 'no graphics card',
    `Node ${process.versions.node}`,
    `TensorFlow ${chooseLibrary()?.tensorflow ?? 'not installed'}`,
    `PyTorch ${pytorch()}`,
  ].join(', ');
}

/** By what the Python that results are compared with was made from. */
function pytorch(): string {
  const requirements = path.join(cacheFolder(), 'python-reference', 'requirements.txt');
  if (!existsSync(requirements)) return 'not installed';
  return /^torch==(\S+)$/m.exec(readFileSync(requirements, 'utf8'))?.[1] ?? 'of an unknown version';
}
