/** What `starsse export` asks of its task and gets from it. */
import * as v from 'valibot';

export const EXPORT_FORMATS = ['safetensors', 'tfjs', 'card'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const ExportRequestSchema = v.strictObject({
  /** A member, a soup or an ensemble; left out: the best member. */
  name: v.optional(v.string()),
  format: v.picklist(EXPORT_FORMATS),
  /** The folder to make, absolute. */
  out: v.string(),
});

export interface Exported {
  /** member-3, soup-uniform-1, ensemble-1 */
  name: string;
  format: ExportFormat;
  /** Absolute. */
  folder: string;
  /** In the folder, with their sizes. */
  files: { name: string; sizeBytes: number }[];
}
