/** Images of no class of the run: how well each row tells them from the test images. */
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Dataset } from '../../../core/data.ts';
import type { Predictions } from '../../../core/metrics.ts';
import { byConfidence, byEntropy, byMutualInformation } from '../../../core/unknown.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { PlanImage } from '../../../protocol/plan-data.ts';
import type { Run } from '../../../protocol/run.ts';
import { UnknownReportsSchema, type UnknownReport } from '../../../protocol/robustness.ts';
import { readJsonInside, runFiles } from '../../folder.ts';
import { replaceJson } from '../../write.ts';
import { keyOf, type Subject } from '../basin/analysis.ts';
import { PointsFile } from '../basin/points-file.ts';
import type { TaskContext } from '../combine.ts';
import { IMAGE_FILE } from '../data/class-folders.ts';
import { readImageSet, type ImageFile } from '../data/image-files.ts';
import { readPredictions } from '../snapshot.ts';
import { predictAll, type Bench } from './predict-all.ts';
import { digestsOf, networksOf, rowsFrom } from './rows.ts';

/** Of files that cannot be read so many are named. */
const MOST_NAMED = 20;
const HASHED_IMAGES = 256;

/** Logits of a network (by its digest) for the images from `first` on, float32 in base64. */
const PieceSchema = v.object({ network: v.string(), first: v.number(), logits: v.string() });

/** Replaces the report of the same folder. @throws StarsseError usage, data-missing, data-invalid, disk, cancelled */
export async function unknownImages({ folder, run, model }: Subject, bench: Bench, asked: string, { onProgress, signal }: TaskContext): Promise<UnknownReport> {
  const source = path.resolve(asked);
  const [height, width, channels] = model.network.inputShape;
  const files = await imageFiles(source);
  const { dataset, unreadable = [] } = await readImageSet(`the folder ${source}`, files, imageForm(run, height, width, channels), model.network.classes, { onProgress, signal });
  const made = await predictUnknown(bench, dataset, keyOf(run.dataFingerprint, source, await contentOf(dataset)), (fraction) => onProgress({ fraction, message: `Predicting ${dataset.labels.length} unknown images` }), signal);
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

/** What was predicted before a cancelled report is kept, by the digests of the networks. */
async function predictUnknown(bench: Bench, dataset: Dataset, key: string, onShare: (share: number) => void, signal: AbortSignal): Promise<Map<string, Predictions>> {
  const { folder, names } = bench;
  const digests = await digestsOf(folder, names);
  const file = await PointsFile.open(runFiles.analysisPoints(folder, 'unknown'), key, PieceSchema, ({ network, first }) => `${network} ${first}`);
  try {
    return await predictAll(bench, dataset, signal, onShare, async (name, first, make) => {
      const { logits } = await file.at(`${digests[name]} ${first}`, async () => ({ network: digests[name], first, logits: Buffer.from((await make()).buffer).toString('base64') }));
      return new Float32Array(new Uint8Array(Buffer.from(logits, 'base64')).buffer);
    });
  } finally {
    await file.close();
  }
}

/** SHA-256 of the images as they were decoded. */
async function contentOf(dataset: Dataset): Promise<string> {
  const hash = createHash('sha256');
  for (let first = 0; first < dataset.labels.length; first += HASHED_IMAGES) {
    hash.update(await dataset.read(Uint32Array.from({ length: Math.min(HASHED_IMAGES, dataset.labels.length - first) }, (_, index) => first + index)));
  }
  return hash.digest('hex');
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
