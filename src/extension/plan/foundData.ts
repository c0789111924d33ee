/** What data lie in a folder or a file, told by names alone. */
import type { PlanInput } from '../../protocol/plan.ts';

type Data = PlanInput['data'];

export interface Entry {
  name: string;
  isFolder: boolean;
}

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const SPLIT = { validation: 0.1, seed: 0 };
const WITHOUT_TEST = { validation: 0.1, test: 0.2, seed: 0 };
const IMAGE = { size: 32 };

/**
 * @param at the folder, as the plan will write it
 * @returns null for a folder in which nothing is known
 */
export function dataInFolder(at: string, entries: readonly Entry[]): Data | null {
  const inside = (name: string): string => (at === '.' ? name : `${at}/${name}`);
  const names = entries.filter(({ isFolder }) => !isFolder).map(({ name }) => name).sort();
  const folders = entries.filter(({ name, isFolder }) => isFolder && !name.startsWith('.')).map(({ name }) => name);
  const folder = (...wanted: string[]): string | undefined => folders.find((name) => wanted.includes(name.toLowerCase()));
  const batches = names.filter((name) => /^data_batch_\d+\.bin$/.test(name));
  if (batches.length > 0) return { kind: 'cifar-10', train: batches.map(inside), ...(names.includes('test_batch.bin') ? { test: [inside('test_batch.bin')] } : {}), split: { validation: 0.1, seed: 0 } };
  if (names.includes('train.bin') && names.includes('test.bin')) return { kind: 'cifar-100', train: [inside('train.bin')], test: [inside('test.bin')], split: SPLIT };
  const idx = names.find((name) => name.includes('images') && name.includes('idx') && !/t10k|test/.test(name));
  if (idx !== undefined) {
    const test = names.find((name) => name.includes('images') && /t10k|test/.test(name));
    return { kind: 'idx', train: idxPair(inside(idx)), ...(test === undefined ? { split: WITHOUT_TEST } : { test: idxPair(inside(test)), split: SPLIT }), classes: DIGITS };
  }
  const train = folder('train', 'training');
  if (train !== undefined) {
    const [validation, test] = [folder('val', 'valid', 'validation'), folder('test', 'testing')];
    const sets = { ...(validation === undefined ? {} : { validation: inside(validation) }), ...(test === undefined ? {} : { test: inside(test) }) };
    const split = validation === undefined ? (test === undefined ? WITHOUT_TEST : SPLIT) : null;
    return { kind: 'folder', train: inside(train), ...sets, ...(split === null ? {} : { split }), image: IMAGE };
  }
  return folders.length >= 2 ? { kind: 'folder', train: at, split: WITHOUT_TEST, image: IMAGE } : null;
}

/** @param file as the plan will write it. @returns null for a file of an unknown kind */
export function dataInFile(file: string): Data | null {
  const name = file.toLowerCase();
  if (/\.(csv|jsonl)$/.test(name)) return { kind: 'manifest', file, split: WITHOUT_TEST, image: IMAGE };
  if (name.endsWith('.npz')) return { kind: 'npz', train: { file }, split: WITHOUT_TEST };
  if (name.endsWith('.bin')) return { kind: 'cifar-10', train: [file], split: WITHOUT_TEST };
  return name.includes('images') ? { kind: 'idx', train: idxPair(file), split: WITHOUT_TEST, classes: DIGITS } : null;
}

function idxPair(images: string): { images: string; labels: string } {
  const at = images.lastIndexOf('/') + 1;
  return { images, labels: images.slice(0, at) + images.slice(at).replace('images', 'labels').replace('idx3', 'idx1') };
}
