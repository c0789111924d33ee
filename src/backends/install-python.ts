/** Python's part of an installation: pip finds and downloads a wheel, zipfile unpacks what is needed of it. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StarsseError } from '../protocol/errors.ts';
import { folderSizeBytes } from './folder-size.ts';
import { runProcess } from './install-process.ts';

/** Wheels are made for certain Pythons. This one is still served for most versions, whatever the user's own Python is. */
const FALLBACK_PYTHON = '3.12';
export const pythonHint = 'Install Python 3 with pip (Debian, Ubuntu: apt install python3-pip; macOS: xcode-select --install).';
const pipHint = 'Check the network, and the proxy and index settings of pip.';
const python = process.platform === 'win32' ? 'python' : 'python3';

/** Where to work, and how to stop and to tell. */
export interface PythonStep {
  folder: string;
  signal: AbortSignal;
  report: (message: string) => void;
}

/** @throws StarsseError `backend-failed` where there is no Python 3 with pip. */
export async function checkPip({ folder, signal }: PythonStep): Promise<void> {
  await runProcess(python, ['-m', 'pip', '--version'], { cwd: folder, signal, hint: pythonHint });
}

/**
 * Downloads the wheels of some requirements, without what they depend on, into `folder`.
 * @throws StarsseError `backend-failed` when pip fails; `cancelled`.
 */
export async function downloadWheels(requirements: string[], step: PythonStep): Promise<void> {
  const { folder, signal, report } = step;
  const download = (chosenPython: string[]): Promise<string> =>
    runProcess(
      python,
      ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', ...chosenPython, '--dest=.', ...requirements],
      // pip downloads to its temporary folder first; here it can be watched, and is on the disk that has the room.
      { cwd: folder, signal, hint: pipHint, env: { TMPDIR: folder, TEMP: folder } },
    );
  const watching = new AbortController();
  const before = await folderSizeBytes(folder);
  const watch = async (): Promise<void> => {
    for (;;) {
      await delay(1000, undefined, { signal: watching.signal });
      const megabytes = Math.round(((await folderSizeBytes(folder)) - before) / 1e6);
      if (megabytes > 0) report(`Downloading ${requirements.join(' ')} with pip: ${megabytes} MB so far`);
    }
  };
  const watched = watch().catch(() => undefined);
  try {
    await download([]).catch((error: unknown) => {
      if (error instanceof StarsseError && error.code === 'cancelled') throw error;
      return download([`--python-version=${FALLBACK_PYTHON}`]);
    });
  } finally {
    watching.abort();
    await watched;
  }
}

/**
 * Unpacks the members of all wheels in `folder` whose names match `pattern` (a Python regular expression) below
 * `folder`/`into`, and deletes the wheels. Members are streamed and their checksums checked.
 */
export async function unpackWheels(pattern: string, into: string, { folder, signal }: PythonStep): Promise<void> {
  const wheels = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
  for (const wheel of wheels) {
    await runProcess(python, ['-c', UNPACK, wheel, into, pattern], { cwd: folder, signal, hint: pythonHint });
    await rm(join(folder, wheel));
  }
}

const UNPACK = `
import re, sys, zipfile
wheel, into, pattern = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(into, [name for name in archive.namelist() if re.fullmatch(pattern, name)])
`;
