/** What transformer_fixture.py printed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TransformerFixture {
  'made with': string;
  /** Every tenth number of each of two images. */
  logits: Record<string, { side: number; shapes: Record<string, number[]>; logits: number[] }>;
  positions: { grid: [number, number]; table: number[] }[];
  relative: { window: number; table: number[] }[];
  gradients: Record<'vit' | 'swin', GradientFixture>;
}
export interface GradientFixture {
  side: number;
  shapes: Record<string, number[]>;
  loss: number;
  logits: number[];
  /** Norm, product with a direction, and the first three numbers of each. */
  gradients: Record<string, number[]>;
}

export const TRANSFORMER_FIXTURE = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/reference/transformers.json'), 'utf8')) as TransformerFixture;
