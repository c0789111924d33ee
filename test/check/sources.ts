import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** AssemblyScript: it has rules of its own. */
const ASSEMBLY = 'src/backends/wasm/assembly/';

/** TypeScript files below some folders, by path from the project's root. */
export function sources(...folders: string[]): Map<string, string> {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).map((file) => file.replaceAll('\\', '/')).sort();
  return new Map(files.filter((file) => !file.startsWith(ASSEMBLY)).map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}

export function contributing(): string {
  return readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
}
