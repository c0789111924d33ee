/** The task `export`: a member, soup or ensemble of a run in a folder of its own, for other programs and people. */
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { startBackend } from '../../../backends/choose.ts';
import { checkWeights } from '../../../core/weights.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { ExportRequestSchema, type ExportFormat, type Exported } from '../../../protocol/export.ts';
import type { ModelFile } from '../../../protocol/network.ts';
import { parseJson } from '../../../protocol/parse.ts';
import type { Run, RunView } from '../../../protocol/run.ts';
import type { TensorData } from '../../../protocol/tensor.ts';
import { readRun, runFiles } from '../../folder.ts';
import { readSafetensors, writeSafetensors } from '../../safetensors-file.ts';
import { viewRun } from '../../view.ts';
import { diskError, replaceFile } from '../../write.ts';
import type { TaskContext } from '../combine.ts';
import { readEnsemble, type StoredEnsemble } from '../ensembles/stored.ts';
import { readModel } from '../run-network.ts';
import { readParts, writeEnsembleSafetensors, writeEnsembleTfjs } from './ensemble-files.ts';
import { modelCard } from './model-card.ts';
import { tfjsFiles } from './tfjs-files.ts';

/**
 * Makes the folder, whole or not at all. Every export has a model card, README.md.
 * @param request ExportRequestSchema as JSON
 * @throws StarsseError usage for a name that is not there or a folder that is in use; file-missing, file-invalid, mismatch, disk
 */
export async function exportTask(folder: string, request: string, { signal, onProgress }: TaskContext): Promise<Exported> {
  const { name: asked, format, out } = parseJson(ExportRequestSchema, request, 'export', 'usage');
  const target = path.resolve(out);
  await refuseUsedFolder(target);
  const view = await viewRun(folder);
  const ensemble = asked === undefined ? null : await readEnsemble(folder, asked);
  const name = ensemble?.name ?? chosenName(view, asked);
  const [run, model] = await Promise.all([readRun(folder), readModel(folder)]);
  onProgress({ fraction: 0, message: `Reading ${name}` });
  const write = ensemble === null ? await networkWriter(folder, run, model, name, format) : await ensembleWriter(folder, run, model, ensemble, format);
  signal.throwIfAborted();
  onProgress({ fraction: 0.3, message: `Writing ${target}` });
  await makeWhole(target, async (inside) => {
    const { rule, parents } = await write(inside);
    await replaceFile(path.join(inside, 'README.md'), [modelCard({ run, model, view, name, format, rule, parents, ensemble })]);
    signal.throwIfAborted();
  });
  return { name, format, folder: target, files: await filesIn(target) };
}

/** Writes what is exported, and says what it was made of. */
type Writer = (inside: string) => Promise<{ rule: string | null; parents: string[] }>;

/** @throws StarsseError file-missing, file-invalid, mismatch */
async function networkWriter(folder: string, run: Run, model: ModelFile, name: string, format: ExportFormat): Promise<Writer> {
  const file = runFiles.snapshot(folder, name);
  const { tensors, metadata } = await readSafetensors(file);
  checkWeights(model.network, tensors, file);
  return async (inside) => {
    if (format === 'safetensors') await writeSafetensors(path.join(inside, `${name}.safetensors`), tensors, metadata);
    else if (format === 'tfjs') await writeTfjs(inside, model, tensors, { run: run.id, name });
    return { rule: metadata.rule ?? null, parents: (metadata.parents ?? '').split(',').filter((parent) => parent !== '') };
  };
}

/** @throws StarsseError file-missing, file-invalid, mismatch */
async function ensembleWriter(folder: string, run: Run, model: ModelFile, ensemble: StoredEnsemble, format: ExportFormat): Promise<Writer> {
  const parts = await readParts(folder, ensemble);
  return async (inside) => {
    if (format === 'safetensors') await writeEnsembleSafetensors(inside, model, parts, ensemble, run.id);
    else if (format === 'tfjs') await writeEnsembleTfjs(inside, model, parts, ensemble, run.id);
    return { rule: null, parents: ensemble.members.filter((member) => member.folder === null).map((member) => member.name) };
  };
}

async function writeTfjs(inside: string, model: ModelFile, tensors: TensorData[], about: Record<string, unknown>): Promise<void> {
  // Layers of TensorFlow.js are made to learn the names of their weights, on any back end.
  if (model.network.layers.some(({ kind }) => kind === 'keras')) await startBackend('wasm', { threads: 1 });
  for (const { name, content } of tfjsFiles(model, tensors, about)) await replaceFile(path.join(inside, name), [content]);
}

/** The one asked for, or the best member. @throws StarsseError usage, with what there is */
function chosenName({ id, members, soups, results }: RunView, asked: string | undefined): string {
  const names = [...members.flatMap(({ member, snapshot }) => (snapshot === null ? [] : [member.name])), ...soups.map(({ name }) => name)];
  const ensembles = (results?.rows ?? []).flatMap((row) => (row.kind === 'ensemble' ? [row.name] : []));
  const name = asked ?? results?.bestMember;
  if (name !== undefined && names.includes(name)) return name;
  throw new StarsseError('usage', name === undefined ? `The run ${id} has no result table yet: no member is the best` : `The run ${id} has no snapshot ${name}`, {
    hint: names.length === 0 ? 'No member is done yet.' : `It has ${[...names, ...ensembles].join(', ')}.`,
  });
}

/** Nothing is ever written over. @throws StarsseError usage */
async function refuseUsedFolder(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code === 'ENOTDIR') throw new StarsseError('usage', `${folder} is a file, or in one`, { cause: error, hint: 'Name a folder that does not exist yet.' });
    throw diskError(error, folder);
  }
  if (names.length > 0) throw new StarsseError('usage', `${folder} is not empty, and nothing is overwritten`, { hint: 'Name a folder that does not exist yet.' });
}

/** Fills a folder beside and gives it its name. */
async function makeWhole(folder: string, fill: (inside: string) => Promise<void>): Promise<void> {
  const beside = path.join(path.dirname(folder), `.${path.basename(folder)}.${process.pid}.beside`);
  try {
    await mkdir(beside, { recursive: true });
    await fill(beside);
    await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') throw new StarsseError('usage', `${folder} was filled by somebody else meanwhile`, { cause: error, hint: 'Name a folder that does not exist yet.' });
    throw diskError(error, folder);
  }
}

async function filesIn(folder: string): Promise<Exported['files']> {
  const names = (await readdir(folder)).sort();
  return await Promise.all(names.map(async (name) => ({ name, sizeBytes: (await stat(path.join(folder, name))).size })));
}
