/** What `starsse preview --json` prints: a batch as training sees it, drawn beside what it was made from. */

export interface PreviewImage {
  /** In the training set, from 0. */
  position: number;
  /** Class of the original. */
  label: string;
  /** Its target, largest share first; shares of label smoothing alone are left out. */
  target: { class: string; share: number }[];
}

export interface Preview {
  /** The picture, absolute. */
  file: string;
  member: string;
  /** From 0. */
  epoch: number;
  /** Images in the batch, of which the first are shown. */
  batchSize: number;
  /** From left to right and top to bottom. */
  images: PreviewImage[];
}
