/**
 * What is confused with what. Of class c, with right = images of c predicted as c:
 *   recall = right / images of c;   precision = right / images predicted as c;   F1 = 2 right / (images of c + predicted as c),
 * the harmonic mean of both. The mean of the recalls of the classes present is the mean per-class accuracy.
 */
import type { ClassRow, ClassTable, ClassTables } from '../protocol/results.ts';
import { predictedClasses, type Predictions } from './metrics.ts';
import { measuredNetworks, type TableRequest } from './table.ts';

/**
 * The per-class tables of everything that the result table has as a network or an ensemble, in its order.
 * @param classNames [classes]
 * @throws StarsseError usage, mismatch, as `resultTable`
 */
export function classTables(request: Pick<TableRequest, 'members' | 'soups' | 'ensembles'>, classNames: readonly string[]): ClassTables {
  const measured = measuredNetworks(request);
  const [{ test, validation }] = measured;
  return {
    images: (test ?? validation).labels.length,
    measuredOn: test === null ? 'validation' : 'test',
    tables: measured.map((each) => classTable(each.name, each.test ?? each.validation, classNames)),
  };
}

/** @param classNames [classes] */
export function classTable(name: string, predictions: Predictions, classNames: readonly string[]): ClassTable {
  const { classes, labels } = predictions;
  const counts = new Map<number, number>(); // images by label x classes + predicted class
  const present = new Uint32Array(classes);
  const predicted = new Uint32Array(classes);
  const right = new Uint32Array(classes);
  for (const [image, guess] of predictedClasses(predictions).entries()) {
    const label = labels[image];
    const pair = label * classes + guess;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
    present[label]++;
    predicted[guess]++;
    if (guess === label) right[label]++;
  }
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    name,
    classes: Array.from(present, (count, label): ClassRow => ({
      name: classNames[label],
      count,
      recall: share(right[label], count),
      precision: share(right[label], predicted[label]),
      f1: share(2 * right[label], count + predicted[label]),
    })),
    confusion: [...counts].sort(([a], [b]) => a - b).map(([pair, images]) => [Math.floor(pair / classes), pair % classes, images]),
  };
}
