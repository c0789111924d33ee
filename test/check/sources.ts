import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** TypeScript files below some folders, by path from the project's root. */
export function sources(...folders: string[]): Map<string, string> {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).sort();
  return new Map(files.map((file) => [file.replaceAll('\\', '/'), readFileSync(path.join(root, file), 'utf8')]));
}

export function contributing(): string {
  return readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
}
