/**
 * What a package for one platform has of its own: sharp's native image decoder in place of the WebAssembly one, which decodes
 * the same pixels more slowly. The native training back ends are too large for a package and are fetched on request on every platform.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** VS Code's names of platforms, and sharp's. */
export const TARGETS: Record<string, string> = {
  'linux-x64': 'linux-x64', 'linux-arm64': 'linux-arm64', 'alpine-x64': 'linuxmusl-x64', 'alpine-arm64': 'linuxmusl-arm64',
  'darwin-x64': 'darwin-x64', 'darwin-arm64': 'darwin-arm64', 'win32-x64': 'win32-x64', 'win32-arm64': 'win32-arm64',
};

export interface NativePackage {
  name: string;
  version: string;
  /** As npm writes it: "sha512-" and base64. */
  integrity: string;
}

/** The packages of the native decoder, as the lock file has them. @throws Error for an unknown platform */
export function nativePackages(target: string): NativePackage[] {
  const platform = TARGETS[target];
  if (platform === undefined) throw new Error(`"${target}" is no platform; there are ${Object.keys(TARGETS).join(', ')}`);
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version: string; integrity: string }> };
  // On Windows the library lies within the package itself.
  const names = [`@img/sharp-${platform}`, ...(platform.startsWith('win32') ? [] : [`@img/sharp-libvips-${platform}`])];
  return names.map((name) => {
    const locked = packages[`node_modules/${name}`];
    if (locked === undefined) throw new Error(`package-lock.json has no ${name}`);
    return { name, version: locked.version, integrity: locked.integrity };
  });
}

/** What of a native package is needed where it runs; headers are not. */
export function isNeeded(file: string): boolean {
  return /^(LICENSE|README\.md|package\.json|versions\.json|index\.c?js|lib\/index\.js|lib\/[\w.-]+\.(node|dylib|dll|so)[\d.]*)$/.test(file);
}

/** Puts the native decoder beside the bundles: from node_modules where it is installed, else from npm, held against the lock file. */
export function addNativeDecoder(stage: string, target: string): void {
  for (const wanted of nativePackages(target)) {
    const installed = path.join(root, 'node_modules', wanted.name);
    const isInstalled = existsSync(installed) && (JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as NativePackage).version === wanted.version;
    const fetched = isInstalled ? null : fetchPackage(wanted);
    const from = fetched === null ? installed : path.join(fetched, 'package');
    for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'))) {
      if (!isNeeded(file)) continue;
      const to = path.join(stage, 'dist/node_modules', wanted.name, file);
      mkdirSync(path.dirname(to), { recursive: true });
      cpSync(path.join(from, file), to);
    }
    if (fetched !== null) rmSync(fetched, { recursive: true, force: true });
  }
}

/** @returns a folder that holds `package/`. @throws Error when npm cannot, or the bytes are others than the lock file says */
function fetchPackage({ name, version, integrity }: NativePackage): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'starsse-native-'));
  const npm = spawnSync('npm', ['pack', `${name}@${version}`, '--pack-destination', folder, '--silent'], { encoding: 'utf8', shell: process.platform === 'win32' });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (npm.status !== 0 || archive === undefined) throw new Error(`npm could not get ${name}@${version}:\n${npm.stdout}${npm.stderr}`);
  checkIntegrity(readFileSync(path.join(folder, archive)), integrity, `${name}@${version}`);
  const tar = spawnSync('tar', ['-xzf', archive], { cwd: folder, encoding: 'utf8' });
  if (tar.status !== 0) throw new Error(`${archive} could not be unpacked:\n${tar.stderr}`);
  return folder;
}

/** @throws Error when the bytes are not those that the lock file names */
export function checkIntegrity(bytes: Uint8Array, integrity: string, what: string): void {
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found !== integrity) throw new Error(`${what} is not what package-lock.json says: ${found} instead of ${integrity}`);
}
