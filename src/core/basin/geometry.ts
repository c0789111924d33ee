/** Distances and angles of networks from their inner products (shared/method.md, section 3), and their principal components. */
import type { GeometryPart, PrincipalComponents } from '../../protocol/geometry.ts';
import { symmetricEigen } from './eigen.ts';
import type { Gram } from './gram.ts';

type Matrix = (number | null)[][];

/**
 * @param gram inner products of some of the networks over some of the weights
 * @param places of these networks among all `count`; what the others would have is null
 * @param pretrained the place of the pre-trained network, from which angles are measured too; null where there is none
 */
export function geometryOf(part: string, gram: Gram, { places, count, pretrained }: { places: readonly number[]; count: number; pretrained: number | null }): GeometryPart {
  const position = Array.from({ length: count }, (_, place) => places.indexOf(place));
  const each = (value: (i: number, j: number) => number | null): Matrix =>
    position.map((i) => position.map((j) => (i < 0 || j < 0 ? null : value(i, j))));
  const norms = places.map((_, i) => Math.sqrt(Math.max(0, product(gram, i, i))));
  const start = pretrained === null ? -1 : position[pretrained];
  return {
    part,
    parameters: gram.parameters,
    norm: position.map((i) => (i < 0 ? null : digits(norms[i]))),
    distance: each((i, j) => digits(distanceOf(gram, i, j))),
    relative: each((i, j) => ratio(distanceOf(gram, i, j), norms[i])),
    cosine: each((i, j) => (i === j && norms[i] > 0 ? 1 : ratio(product(gram, i, j), norms[i] * norms[j]))),
    angle: each((i, j) => angleFrom(gram, 0, i, j)),
    angleFromPretrained: start < 0 ? null : each((i, j) => angleFrom(gram, start, i, j)),
  };
}

/**
 * Principal components of the networks as points: eigenvectors of the centred Gram matrix, scaled by the roots of its eigenvalues
 * (classical scaling; the same as the singular value decomposition of the centred weights). The variance is over n - 1.
 */
export function principalComponents(part: PrincipalComponents['part'], names: readonly string[], gram: Gram, most = 10): PrincipalComponents {
  const count = names.length;
  const { displacements } = gram;
  const means = displacements.map((row) => row.reduce((sum, value) => sum + value, 0) / count);
  const mean = means.reduce((sum, value) => sum + value, 0) / count;
  const centred = displacements.map((row, i) => row.map((value, j) => value - means[i] - means[j] + mean));
  const { values, vectors } = symmetricEigen(centred);
  const total = centred.reduce((sum, row, i) => sum + row[i], 0);
  const kept = values.slice(0, Math.min(most, count - 1)).map((value) => Math.max(0, value));
  return {
    part,
    networks: [...names],
    variance: kept.map((value) => value / (count - 1)),
    explained: kept.map((value) => (total > 0 ? value / total : 0)),
    coordinates: Array.from({ length: count }, (_, i) => kept.map((value, component) => Math.sqrt(value) * vectors[component][i])),
  };
}

function product({ first, withFirst, displacements }: Gram, i: number, j: number): number {
  return first + withFirst[i] + withFirst[j] + displacements[i][j];
}

function distanceOf({ displacements: d }: Gram, i: number, j: number): number {
  return Math.sqrt(Math.max(0, d[i][i] + d[j][j] - 2 * d[i][j]));
}

/** In degrees; null where one of the two displacements is none. */
function angleFrom(gram: Gram, origin: number, i: number, j: number): number | null {
  const { displacements: d } = gram;
  const lengths = distanceOf(gram, i, origin) * distanceOf(gram, j, origin);
  if (lengths === 0) return null;
  if (i === j) return 0;
  const inner = d[i][j] - d[i][origin] - d[origin][j] + d[origin][origin];
  return digits((180 / Math.PI) * Math.acos(Math.min(1, Math.max(-1, inner / lengths))));
}

function ratio(above: number, below: number): number | null {
  return below === 0 ? null : digits(above / below);
}

/** Nine significant digits, which is what float32 weights can tell. */
function digits(value: number): number {
  return Number(value.toPrecision(9));
}
