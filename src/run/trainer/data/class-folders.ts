/** A folder with one folder of images a class, as many image data sets are published. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { StarsseError } from '../../../protocol/errors.ts';
import type { PlanData } from '../../../protocol/plan-data.ts';
import { checkClassCount, checkSameClasses, sortedNames } from './class-names.ts';
import type { ExampleSet, PlanSets } from './example-set.ts';
import { readImageSet, type ImageFile } from './image-files.ts';
import type { Making } from './image-cache.ts';

export const IMAGE_FILE = /\.(png|jpe?g|webp|gif|bmp|tiff?)$/i;

type FolderData = Extract<PlanData, { kind: 'folder' }>;
interface Listed {
  /** As the plan writes it. */
  folder: string;
  field: string;
  /** Files of each class, relative to the folder, sorted. */
  classes: Map<string, string[]>;
  ignored: string[];
}

/** @throws StarsseError data-missing, data-invalid naming the classes in which the folders differ; disk, cancelled */
export async function readClassFolders(data: FolderData, resolve: (file: string) => string, making: Making): Promise<PlanSets> {
  const list = async (set: 'train' | 'validation' | 'test'): Promise<Listed | null> => (data[set] === null ? null : await listClasses(data[set], `data.${set}`, resolve));
  const [train, validation, test] = [(await list('train'))!, await list('validation'), await list('test')];
  const found = sortedNames(train.classes.keys());
  if (data.classes !== null) checkSameClasses({ from: 'data.classes', classes: data.classes }, { from: `The folder ${train.folder}`, classes: found });
  const classes = data.classes ?? found;
  checkClassCount(classes, `The folder ${train.folder}`);
  for (const other of [validation, test]) {
    if (other !== null) checkSameClasses({ from: `the folder ${train.folder}`, classes }, { from: `The folder ${other.folder}`, classes: [...other.classes.keys()] });
  }
  const read = async (listed: Listed | null): Promise<ExampleSet | null> => {
    if (listed === null) return null;
    const files = imagesOf(listed, classes, resolve(listed.folder));
    return { ...(await readImageSet(listed.field, files, data.image, classes.length, making)), ignored: listed.ignored };
  };
  return { classes, train: (await read(train))!, validation: await read(validation), test: await read(test) };
}

function imagesOf({ folder, classes }: Listed, names: string[], absolute: string): ImageFile[] {
  return names.flatMap((name, label) => {
    const files = classes.get(name)!;
    if (files.length === 0) throw new StarsseError('data-invalid', `The class folder ${path.join(folder, name)} has no images`, { hint: 'PNG, JPEG, WebP, GIF, BMP and TIFF files are read, by their endings.' });
    return files.map((file) => ({ file: path.join(absolute, file), name: path.join(folder, file), label }));
  });
}

/** Hidden files are passed over; a class may have folders of its own. Names have "/" on every platform, so that the order is the same. */
async function listClasses(folder: string, field: string, resolve: (file: string) => string): Promise<Listed> {
  const absolute = resolve(folder);
  const entries = await readdir(absolute, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new StarsseError('data-missing', `${field}: there is no folder ${absolute}`, { hint: 'Correct the path in the plan; it is relative to the plan.', cause });
    throw new StarsseError('data-invalid', `${field}: the folder ${absolute} cannot be read: ${cause.message}`, { cause });
  });
  const listed: Listed = { folder, field, classes: new Map(), ignored: [] };
  for (const { name } of entries) {
    if (name.startsWith('.')) continue;
    const files = await filesIn(absolute, name);
    if (files === null) {
      listed.ignored.push(path.join(folder, name));
      continue;
    }
    files.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    listed.classes.set(name, files.filter((file) => IMAGE_FILE.test(file)));
    listed.ignored.push(...files.filter((file) => !IMAGE_FILE.test(file)).map((file) => path.join(folder, file)));
  }
  if (listed.classes.size === 0) throw new StarsseError('data-invalid', `${field}: the folder ${absolute} has no class folders`, { hint: 'It has to have one folder of images a class.' });
  return listed;
}

/** Files below a folder, relative to `root`; null when it is no folder. Links to files count, links to folders do not below a class. */
async function filesIn(root: string, folder: string): Promise<string[] | null> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => null);
  if (entries === null) return null;
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) files.push(...((await filesIn(root, name)) ?? []));
    else files.push(name);
  }
  return files;
}
