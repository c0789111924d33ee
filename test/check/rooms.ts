/** The table of rooms in CONTRIBUTING.md as rules, and what breaks them. */
import path from 'node:path';
import { importsOf } from './imports.ts';

export interface Room {
  /** Folder from the project's root: `src/core`. */
  folder: string;
  /** Folders it may import from, itself included. */
  rooms: string[];
  /** Folders that only its trainer may import from. */
  trainerRooms: string[];
  packages: string[];
  trainerPackages: string[];
}

const TRAINER = /^src\/run\/trainer(\.ts|\/)/;

/** Reads the table below `## The rooms`. @throws Error when there is none. */
export function readRooms(markdown: string): Room[] {
  const section = /^## The rooms\n([\s\S]*?)(?=^## )/m.exec(markdown)?.[1] ?? '';
  const rows = [...section.matchAll(/^\| `([^`]+)` \|[^|]*\|([^|]*)\|([^|]*)\|$/gm)];
  if (rows.length === 0) throw new Error('CONTRIBUTING.md has no table of rooms');
  const folders = rows.map(([, folder]) => folder);
  return rows.map(([, folder, mayImport, packages]) => {
    const [free, trainerOnly = ''] = mayImport.split(';');
    const named = (text: string) => folders.filter((other) => new RegExp(`\\b${path.posix.basename(other)}\\b`).test(text));
    const entries = [...packages.matchAll(/`([^`]+)`( \(trainer\))?/g)];
    return {
      folder,
      rooms: [folder, ...named(free)],
      trainerRooms: named(trainerOnly.split('only from')[0]),
      packages: entries.filter(([, , trainer]) => trainer === undefined).map(([, name]) => name),
      trainerPackages: entries.filter(([, , trainer]) => trainer !== undefined).map(([, name]) => name),
    };
  });
}

/** Each import that stands in the wrong room, as one line. `files` maps paths from the root to sources. */
export function roomFaults(rooms: Room[], files: Map<string, string>): string[] {
  const roomOf = (file: string) => rooms.find(({ folder }) => file.startsWith(`${folder}/`));
  const faults: string[] = [];
  for (const [file, source] of files) {
    const room = roomOf(file);
    if (room === undefined) {
      faults.push(`${file}: in no room`);
      continue;
    }
    for (const name of importsOf(file, source)) {
      const problem = name.startsWith('.') ? relativeFault(room, roomOf, file, name) : packageFault(room, file, name);
      if (problem !== null) faults.push(`${file}: ${name}: ${problem}`);
    }
  }
  return faults;
}

function relativeFault(room: Room, roomOf: (file: string) => Room | undefined, file: string, name: string): string | null {
  if (!/\.(ts|css|json|js)$/.test(name)) return 'names no ending';
  const target = path.posix.join(path.posix.dirname(file), name);
  const other = roomOf(target);
  const isTrainer = TRAINER.test(file);
  if (TRAINER.test(target) && !isTrainer) return 'only the trainer imports from the trainer';
  if (other === undefined) return 'leads out of the rooms';
  if (room.rooms.includes(other.folder)) return null;
  if (room.trainerRooms.includes(other.folder)) return isTrainer ? null : `only the trainer imports from ${other.folder}`;
  return `${room.folder} does not import from ${other.folder}`;
}

function packageFault(room: Room, file: string, name: string): string | null {
  const matches = (pattern: string) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern || name.startsWith(`${pattern}/`));
  if (room.packages.some(matches)) return null;
  if (room.trainerPackages.some(matches)) return TRAINER.test(file) ? null : 'only the trainer uses this package';
  return `no package of ${room.folder}`;
}
