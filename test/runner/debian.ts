/** What the tests need from the operating system; on Debian and its relatives it is installed when that is possible. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromiumPath } from '../host/chromium.ts';
import { command } from './command.ts';

interface Need {
  debianPackage: string;
  present: () => boolean;
}

const program = (name: string) => () => (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${name}`));
const installed = (name: string) => () => spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]).stdout?.toString() === 'installed';

/** To show web pages: Chromium, and fonts without which text is boxes. */
export const SCREEN: Need[] = [
  { debianPackage: 'chromium', present: () => chromiumPath() !== null },
  { debianPackage: 'fonts-liberation', present: () => installed('fonts-liberation')() || !onDebian() },
];

/** To build code-server's native parts. */
export const COMPILER: Need[] = [
  { debianPackage: 'python3', present: program('python3') },
  { debianPackage: 'make', present: program('make') },
  { debianPackage: 'g++', present: program('g++') },
  { debianPackage: 'pkg-config', present: program('pkg-config') },
  { debianPackage: 'libkrb5-dev', present: () => existsSync('/usr/include/gssapi/gssapi.h') },
];

/** To build the native back end: `starsse backend install` gets TensorFlow with pip. */
export const PIP: Need[] = [
  { debianPackage: 'python3', present: program('python3') },
  { debianPackage: 'python3-pip', present: () => spawnSync('python3', ['-m', 'pip', '--version']).status === 0 },
  { debianPackage: 'make', present: program('make') },
  { debianPackage: 'g++', present: program('g++') },
];

/** @throws Error with the command to type when something is missing that cannot be installed from here. */
export async function provide(needs: Need[]): Promise<void> {
  const missing = [...new Set(needs.filter(({ present }) => !present()).map(({ debianPackage }) => debianPackage))];
  if (missing.length === 0) return;
  if (!onDebian()) throw new Error(`Missing programs. On Debian they are: ${missing.join(' ')}. Install this system's own and try again.`);
  if (process.getuid?.() !== 0) throw new Error(`Missing: ${missing.join(' ')}. Type: sudo apt-get install ${missing.join(' ')}`);
  console.log(`Installing Debian packages: ${missing.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  if ((await command('apt-get', ['update', '-qq'], env)) !== 0) console.error('apt-get update failed; trying with the lists that are here.');
  const code = await command('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], env);
  if (code !== 0) throw new Error(`apt-get install ${missing.join(' ')} ended with code ${code}`);
}

function onDebian(): boolean {
  return existsSync('/usr/bin/apt-get');
}
