/** The Python libraries that results are compared with: PyTorch, torchvision, timm, Keras, TensorBoard. Made by pip when a test first needs them. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../src/backends/cache-folder.ts';
import { withLock } from '../../src/backends/install-lock.ts';

/** torchvision goes by the version of PyTorch. */
const REQUIREMENTS = [
  'torch==2.13.0', 'torchvision==0.28.0', 'timm==1.0.29', 'keras==3.15.1', 'h5py', 'numpy', 'pillow', 'safetensors', 'tensorboard==2.21.0', 'setuptools<81', 'scikit-learn', 'scipy', 'torchmetrics',
];

const run = promisify(execFile);

/** After a failure nobody tries again for so long. */
const RETRY_MS = 3_600_000;
const INSTALL_MS = 300_000;

/**
 * The Python that has them, the same for all tests at once.
 * @returns null where they cannot be had, and says so: no Python 3 with venv, pip without such packages, no network, no disk. A test then
 * compares with its fixture alone.
 */
export async function pythonReference(): Promise<string | null> {
  const folder = join(cacheFolder(), 'python-reference');
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const marker = join(folder, 'requirements.txt');
  const wanted = `${REQUIREMENTS.join('\n')}\n`;
  const isMade = (): boolean => existsSync(python) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted;
  if (isMade()) return python;
  const failed = `${folder}.failed`;
  const hasFailed = (): boolean => existsSync(failed) && readFileSync(failed, 'utf8') === wanted && Date.now() - statSync(failed).mtimeMs < RETRY_MS;
  try {
    await withLock(`${folder}.lock`, new AbortController().signal, () => undefined, async () => {
      if (isMade()) return;
      if (hasFailed()) throw new Error('a try within the last hour failed');
      console.log(`Installing ${REQUIREMENTS.join(' ')} with pip into ${folder}`);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', folder], { timeout: INSTALL_MS });
      await run(python, ['-m', 'pip', 'install', '-q', '-q', '--retries', '0', '--only-binary=:all:', ...REQUIREMENTS], { maxBuffer: 1e8, timeout: INSTALL_MS });
      await writeFile(marker, wanted);
    });
  } catch (error) {
    if (!hasFailed()) await writeFile(failed, wanted);
    console.log(`No Python to compare with, only what it gave before (${(error as Error).message.split('\n')[0]})`);
    return null;
  }
  return python;
}

/** Runs a script of this folder on one thread. @returns what it printed. @throws Error with what it complained of */
export async function runPython(python: string, script: string, args: string[]): Promise<string> {
  const env = {
    ...process.env, PYTHONPATH: [import.meta.dirname, process.env.PYTHONPATH].filter(Boolean).join(delimiter), PYTHONDONTWRITEBYTECODE: '1',
    OMP_NUM_THREADS: '1', KERAS_BACKEND: 'torch',
  };
  const { stdout } = await run(python, ['-W', 'ignore', join(import.meta.dirname, script), ...args], { env, maxBuffer: 1e8 });
  return stdout;
}
