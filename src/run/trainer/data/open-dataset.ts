/** Datasets of records, and opening one again in another thread: by its description, without reading it through. */
import { subset, type Dataset } from '../../../core/data.ts';
import { openRecords, type RecordSource } from './records.ts';

/** Plain data: it can be posted to another thread. */
export interface RecordDataset {
  records: RecordSource;
  labels: Int32Array;
  classes: number;
}
/** A dataset, or a view of one (`subset` of `core/data.ts`). */
export type DatasetSource = RecordDataset | { of: DatasetSource; positions: Uint32Array };

/** The dataset that a source describes; `dataset.source` gives the source back. */
export function openDataset(source: DatasetSource): Dataset {
  if ('of' in source) return subset(openDataset(source.of), source.positions);
  const { records, labels, classes } = source;
  const { shape, values } = records.layout;
  return { labels, shape, classes, values, read: openRecords(records), source };
}

/** The file from which examples are read as they are wanted; null where all are in memory. */
export function streamedFile(source: DatasetSource): string | null {
  if ('of' in source) return streamedFile(source.of);
  return 'file' in source.records ? source.records.file : null;
}
