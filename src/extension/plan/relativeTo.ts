import path from 'node:path';

/** As plans write files: relative to their folder, with slashes. On another drive, absolute. */
export function relativeTo(folder: string, file: string): string {
  const name = path.relative(folder, file);
  return path.isAbsolute(name) ? file : name === '' ? '.' : name.split(path.sep).join('/');
}
