/** `data` of a plan: which examples there are, and how they are shared out. */
import * as v from 'valibot';
import { count, finite, path, positive, seed } from './plan-fields.ts';

const size = v.union([count, v.pipe(v.number(), v.gtValue(0), v.ltValue(1))]);

/** Counts of examples, or shares of the labelled ones (below 1). */
const split = v.strictObject({
  train: v.optional(v.nullable(v.pipe(size, v.description('Examples to train on: a count, or a share below 1; null = all that is left.'))), null),
  validation: v.pipe(size, v.description('Examples to select on: a count, or a share below 1. No example is in two parts.')),
  test: v.optional(v.nullable(v.pipe(size, v.description('Examples to measure on, where the data come without a test set; null = none are taken.'))), null),
  seed: v.optional(v.pipe(seed, v.description('Seed of the stratified split.')), 0),
});
const givenOrSplit = v.optional(
  v.nullable(v.pipe(split, v.description('A stratified, seeded split of the training examples; null = the data come with a validation set.'))),
  null,
);

const classes = v.pipe(v.array(v.string()), v.minLength(2), v.description('Class names, in the order of the labels.'));
const classesOrFound = v.optional(v.nullable(v.pipe(classes, v.description('Class names in the order of the labels; null = those that the data name, sorted.'))), null);

const normalization = v.optional(
  v.pipe(
    v.union([
      v.pipe(v.picklist(['auto', 'imagenet', 'half', 'none']), v.description('auto = what the checkpoint was trained with; imagenet = mean and deviation of ImageNet; half = (x - 0.5) / 0.5.')),
      v.strictObject({ mean: v.array(finite), std: v.array(positive) }),
    ]),
    v.description('Per channel, for pixels scaled to 0..1: (x - mean) / std. Features of .npz files are not scaled first.'),
  ),
  'auto',
);

/** What image files become. Decoded once, at `stored` x `stored`. */
const image = v.strictObject({
  size: v.pipe(count, v.description('Height and width of what the network sees.')),
  stored: v.optional(v.nullable(v.pipe(count, v.description('Height and width of the decoded images, from which crops of `size` are taken; null = `size`.'))), null),
  channels: v.optional(v.pipe(v.picklist([1, 3]), v.description('3 = RGB, 1 = grey.')), 3),
  fit: v.optional(v.pipe(v.picklist(['cover', 'stretch', 'contain']), v.description('cover = scale the shorter side, crop the middle; stretch = both sides; contain = scale the longer side, black bars.')), 'cover'),
});

const idxFiles = v.strictObject({
  images: v.pipe(path, v.description('IDX file of images, relative to the plan (train-images-idx3-ubyte).')),
  labels: v.pipe(path, v.description('IDX file of labels, relative to the plan (train-labels-idx1-ubyte).')),
});
const npzArrays = v.strictObject({
  file: v.pipe(path, v.description('An .npz file, relative to the plan.')),
  x: v.optional(v.pipe(v.string(), v.description('Array of examples: [n, height, width], [n, height, width, channels] or features [n, d].')), 'x'),
  y: v.optional(v.pipe(v.string(), v.description('Array of labels, whole numbers [n].')), 'y'),
});
const folder = v.pipe(path, v.description('A folder with one folder of images a class.'));
const binaries = v.pipe(v.array(path), v.minLength(1), v.description('Files of the binary version (data_batch_1.bin, train.bin).'));

export const DataSchema = v.variant('kind', [
  v.strictObject({
    kind: v.pipe(v.literal('idx'), v.description('IDX files, as MNIST and Fashion-MNIST are published.')),
    train: v.pipe(idxFiles, v.description('Files from which training and validation images are drawn.')),
    validation: v.optional(v.nullable(idxFiles), null),
    test: v.optional(v.nullable(v.pipe(idxFiles, v.description('Held-out files. Used for the final table only, never to select.'))), null),
    split: givenOrSplit,
    classes,
    normalization,
  }),
  v.strictObject({
    kind: v.pipe(v.literal('folder'), v.description('Class folders of PNG, JPEG, WebP, GIF, BMP or TIFF files.')),
    train: folder,
    validation: v.optional(v.nullable(folder), null),
    test: v.optional(v.nullable(folder), null),
    split: givenOrSplit,
    classes: classesOrFound,
    image,
    normalization,
  }),
  v.strictObject({
    kind: v.pipe(v.literal('manifest'), v.description('A CSV or JSONL list of image files and labels.')),
    file: v.pipe(path, v.description('A .csv or .jsonl file with the fields file, label and, where the split is given, split (train, validation, test).')),
    root: v.optional(v.nullable(v.pipe(path, v.description('Folder to which the files are relative; null = the folder of the list.'))), null),
    split: givenOrSplit,
    classes: classesOrFound,
    image,
    normalization,
  }),
  v.strictObject({
    kind: v.pipe(v.picklist(['cifar-10', 'cifar-100']), v.description('The binary version of CIFAR.')),
    train: binaries,
    test: v.optional(v.nullable(binaries), null),
    split: givenOrSplit,
    classes: classesOrFound,
    normalization,
  }),
  v.strictObject({
    kind: v.pipe(v.literal('npz'), v.description('NumPy arrays: images (uint8) or features (any number).')),
    train: npzArrays,
    validation: v.optional(v.nullable(npzArrays), null),
    test: v.optional(v.nullable(npzArrays), null),
    split: givenOrSplit,
    classes: classesOrFound,
    normalization,
  }),
]);
export type PlanData = v.InferOutput<typeof DataSchema>;
export type PlanSplit = v.InferOutput<typeof split>;
export type PlanImage = v.InferOutput<typeof image>;
