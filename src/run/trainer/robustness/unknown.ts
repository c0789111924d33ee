/** Images of no class of the run: how well each row tells them from the test images. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Predictions } from '../../../core/metrics.ts';
import { byConfidence, byEntropy, byMutualInformation } from '../../../core/unknown.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { PlanImage } from '../../../protocol/plan-data.ts';
import type { Run } from '../../../protocol/run.ts';
import { UnknownReportsSchema, type UnknownReport } from '../../../protocol/robustness.ts';
import { readJsonInside, runFiles } from '../../folder.ts';
import { replaceJson } from '../../write.ts';
import type { Subject } from '../basin/analysis.ts';
import type { TaskContext } from '../combine.ts';
import { IMAGE_FILE } from '../data/class-folders.ts';
import { readImageSet, type ImageFile } from '../data/image-files.ts';
import { readPredictions } from '../snapshot.ts';
import { predictAll, type Bench } from './predict-all.ts';
import { networksOf, rowsFrom } from './rows.ts';

/** Of files that cannot be read so many are named. */
const MOST_NAMED = 20;

/** Replaces the report of the same folder. @throws StarsseError usage, data-missing, data-invalid, disk, cancelled */
export async function unknownImages({ folder, run, model }: Subject, bench: Bench, asked: string, { onProgress, signal }: TaskContext): Promise<UnknownReport> {
  const source = path.resolve(asked);
  const [height, width, channels] = model.network.inputShape;
  const files = await imageFiles(source);
  const { dataset, unreadable = [] } = await readImageSet(`the folder ${source}`, files, imageForm(run, height, width, channels), model.network.classes, { onProgress, signal });
  const made = await predictAll(bench, dataset, signal, (fraction) => onProgress({ fraction, message: `Predicting ${dataset.labels.length} unknown images` }));
  const known = new Map<string, Predictions>();
  for (const name of networksOf(bench.names)) known.set(name, await knownPredictions(folder, name));
  const knownRows = rowsFrom(bench.names, known);
  const report: UnknownReport = {
    folder: source,
    knownImages: knownRows[0].predictions.labels.length,
    unknownImages: dataset.labels.length,
    unreadable: unreadable.slice(0, MOST_NAMED),
    rows: rowsFrom(bench.names, made).map(({ name, kind, predictions, parts }, index) => ({
      name,
      kind,
      confidence: byConfidence(knownRows[index].predictions, predictions),
      entropy: byEntropy(knownRows[index].predictions, predictions),
      mutualInformation: parts === null ? null : byMutualInformation(knownRows[index].parts!.predictions, parts.predictions, parts.weights),
    })),
    createdAt: new Date().toISOString(),
  };
  signal.throwIfAborted();
  const others = ((await readJsonInside(folder, runFiles.unknown(folder), UnknownReportsSchema)) ?? []).filter((each) => each.folder !== source);
  await replaceJson(runFiles.unknown(folder), [...others, report]);
  return report;
}

/** Test images, or validation images where there is no test set. */
async function knownPredictions(folder: string, name: string): Promise<Predictions> {
  const test = await readPredictions(folder, name, 'test');
  return test.labels.length > 0 ? test : await readPredictions(folder, name, 'validation');
}

/** As the plan decodes its images; for data that are no image files, squeezed to what the network sees. */
function imageForm({ plan: { data } }: Run, height: number, width: number, channels: number): PlanImage {
  if ('image' in data) return data.image;
  if (height !== width || (channels !== 1 && channels !== 3)) {
    throw new StarsseError('usage', `The network sees examples of ${height} x ${width} x ${channels}, which no image file is made into`, { hint: 'Unknown images need a run on square images of 1 or 3 channels.' });
  }
  return { size: height, stored: null, channels, fit: 'stretch' };
}

async function imageFiles(folder: string): Promise<ImageFile[]> {
  const isFolder = await stat(folder).then((stats) => stats.isDirectory(), () => false);
  if (!isFolder) throw new StarsseError('data-missing', `There is no folder ${folder}`, { hint: 'Name a folder of images, at any depth.' });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && IMAGE_FILE.test(entry.name) && !entry.name.startsWith('.')).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  if (names.length === 0) throw new StarsseError('data-invalid', `${folder} has no image files`, { hint: 'PNG, JPEG, WebP, GIF, BMP and TIFF files are read.' });
  return names.sort().map((name) => ({ file: path.join(folder, name), name, label: 0 }));
}
