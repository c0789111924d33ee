/** Eigenvalues and eigenvectors of a small symmetric matrix. */

export interface Eigen {
  /** From the largest. */
  values: number[];
  /** Of unit length, one an eigenvalue; the entry of the largest magnitude is positive. */
  vectors: number[][];
}

const SWEEPS = 60;

/** The cyclic method of Jacobi (Golub and Van Loan, "Matrix Computations", section 8.5), exact to rounding for any symmetric matrix. */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, row) => a.map((__, column) => (row === column ? 1 : 0)));
  const scale = Math.hypot(...a.flat());
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off = Math.max(off, Math.abs(a[p][q]));
    if (off <= 1e-17 * scale) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q);
  }
  const order = a.map((_, index) => index).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((index) => a[index][index]), vectors: order.map((index) => oriented(vectors.map((row) => row[index]))) };
}

/** Makes a[p][q] zero. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of a) turn(row, p, q, c, s);
  const [rowP, rowQ] = [a[p], a[q]];
  for (let column = 0; column < a.length; column++) {
    const [x, y] = [rowP[column], rowQ[column]];
    rowP[column] = c * x - s * y;
    rowQ[column] = s * x + c * y;
  }
  for (const row of vectors) turn(row, p, q, c, s);
}

function turn(row: number[], p: number, q: number, c: number, s: number): void {
  const [x, y] = [row[p], row[q]];
  row[p] = c * x - s * y;
  row[q] = s * x + c * y;
}

function oriented(vector: number[]): number[] {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) + 1e-12 ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
