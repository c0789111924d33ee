/** Files of `<run>/analyses/`, parsed and held against themselves: one whose parts do not fit together is refused. */
import type * as v from 'valibot';
import type { MemberDiversity } from '../../protocol/analyses.ts';
import { BasinSoFarSchema, type BasinSoFar } from '../../protocol/basin.ts';
import { EnsembleReportSchema } from '../../protocol/ensemble-report.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { MeasuresReportSchema, type MeasuresReport } from '../../protocol/measures.ts';
import { SurfaceSchema, type Surface, type SurfacePoint } from '../../protocol/plane.ts';
import { SharpnessSchema, type Sharpness } from '../../protocol/sharpness.ts';
import { readJsonInside } from '../../run/folder.ts';

/** A file that is missing is null, here and below. @throws StarsseError file-invalid, naming the file */
async function read<S extends v.GenericSchema>(folder: string, file: string, schema: S, fits: (value: v.InferOutput<S>) => boolean): Promise<v.InferOutput<S> | null> {
  const value = await readJsonInside(folder, file, schema);
  if (value === null || fits(value)) return value;
  throw new StarsseError('file-invalid', `${file}: its parts do not fit together`, { hint: 'The file was changed by hand or is of another program. Delete it and measure again.' });
}

export async function readBasin(folder: string, file: string): Promise<BasinSoFar | null> {
  return await read(folder, file, BasinSoFarSchema, ({ networks, reference, points, measuring, lines, verdicts, geometry }) => {
    const known = new Set(networks);
    const isSquare = (matrix: readonly (readonly unknown[])[] | null): boolean => matrix === null || (matrix.length === geometry.networks.length && matrix.every((row) => row.length === matrix.length));
    return (
      known.size === networks.length &&
      known.has(reference) &&
      lines.every(({ a, b, sets }) => known.has(a) && known.has(b) && measuring.sets.every((set) => sets[set]?.loss.length === points && sets[set].error.length === points)) &&
      verdicts.every(({ network }) => known.has(network)) &&
      geometry.networks.every((name) => known.has(name)) &&
      geometry.parts.every(({ norm, distance, relative, cosine, angle, angleFromPretrained }) => norm.length === geometry.networks.length && [distance, relative, cosine, angle, angleFromPretrained].every(isSquare)) &&
      geometry.components.every(({ networks: names, coordinates, explained, variance }) => coordinates.length === names.length && coordinates.every((row) => row.length === explained.length) && variance.length === explained.length)
    );
  });
}

/** A point of that surface, with figures of all its sets? */
export function isPointOf({ kind, columns, rows, measuring }: Surface, { column, row, sets }: SurfacePoint): boolean {
  return Number.isInteger(column) && Number.isInteger(row) && column >= 0 && row >= 0 && column < columns.length && row < rows.length && (kind !== 'simplex' || column + row < columns.length) && measuring.sets.every((set) => sets[set] !== undefined);
}

export async function readSurface(folder: string, file: string, key: string): Promise<Surface | null> {
  const rises = (axis: readonly number[]): boolean => axis.length >= 2 && axis.every((value, index) => index === 0 || value > axis[index - 1]);
  return await read(folder, file, SurfaceSchema, (surface) => surface.key === key && rises(surface.columns) && rises(surface.rows) && surface.points.every((point) => isPointOf(surface, point)));
}

export async function readSharpness(folder: string, file: string): Promise<Sharpness | null> {
  return await read(folder, file, SharpnessSchema, ({ rows }) => rows.every(({ noise }) => noise.length === rows[0].noise.length));
}

export async function readMeasures(folder: string, file: string, name: string): Promise<MeasuresReport | null> {
  return await read(folder, file, MeasuresReportSchema, (report) => report.name === name);
}

/** null also where the ensemble has members of other runs, or one alone. */
export async function readDiversity(folder: string, file: string): Promise<MemberDiversity | null> {
  const report = await read(folder, file, EnsembleReportSchema, ({ diversity, members }) => diversity === null || [diversity.disagreement, diversity.normalised].every((matrix) => matrix.length === members.length && matrix.every((row) => row.length === members.length)));
  if (report === null || report.diversity === null || report.members.some(({ folder: other }) => other !== null)) return null;
  return { ...report.diversity, members: report.members.map(({ name }) => name), measuredOn: report.measuredOn };
}
