/** Names, tags and archiving of runs: labels.json, replaced whole, so that every window and terminal sees the same. */
import { parse } from '../protocol/parse.ts';
import { changedLabels, LabelsSchema, NO_LABELS, type Labels, type LabelsChange } from '../protocol/labels.ts';
import { readJsonInside, readRun, runFiles } from './folder.ts';
import { replaceJson } from './write.ts';

/** @returns no labels where the file is missing. @throws StarsseError file-invalid */
export async function readLabels(folder: string): Promise<Labels> {
  return (await readJsonInside(folder, runFiles.labels(folder), LabelsSchema)) ?? NO_LABELS;
}

/**
 * Of two who change a run in the same instant the later one holds.
 * @throws StarsseError usage for a name or a tag that does not fit; file-missing when the folder is no run; disk
 */
export async function changeLabels(folder: string, change: LabelsChange): Promise<Labels> {
  await readRun(folder);
  const labels = parse(LabelsSchema, changedLabels(await readLabels(folder), change), 'labels', 'usage');
  await replaceJson(runFiles.labels(folder), labels);
  return labels;
}
