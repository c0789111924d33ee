import { StarsseError } from '../../protocol/errors.ts';
import { runProcess } from '../install-process.ts';

export interface ProbedAddon {
  /** Version of libtensorflow, from itself. */
  tensorflow: string;
  gpu: boolean;
}

/**
 * Loads an addon in a process of its own, so that a library that crashes, or that this process must not keep, does no harm.
 * @throws StarsseError `backend-failed` when it does not load; `cancelled`.
 */
export async function probeAddon(path: string, signal: AbortSignal): Promise<ProbedAddon> {
  const hint = 'starsse backend install';
  let found: Partial<ProbedAddon>;
  try {
    const env = { ELECTRON_RUN_AS_NODE: '1', TF_CPP_MIN_LOG_LEVEL: '2' };
    found = JSON.parse(await runProcess(process.execPath, ['-e', PROGRAM, path], { cwd: process.cwd(), signal, env, hint })) as Partial<ProbedAddon>;
  } catch (cause) {
    if (StarsseError.from(cause).code === 'cancelled') throw cause;
    throw new StarsseError('backend-failed', `${path} does not load.`, { hint, cause });
  }
  if (typeof found.tensorflow !== 'string' || typeof found.gpu !== 'boolean') {
    throw new StarsseError('backend-failed', `${path} is not the addon of tfjs-node.`, { hint });
  }
  return { tensorflow: found.tensorflow, gpu: found.gpu };
}

const PROGRAM = `
const addon = { exports: {} };
process.dlopen(addon, process.argv[1]);
console.log(JSON.stringify({ tensorflow: addon.exports.TF_Version, gpu: addon.exports.isUsingGpuDevice() }));
`;
