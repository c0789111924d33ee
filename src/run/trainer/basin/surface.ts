/** The surfaces on which loss and error are drawn: where their points lie and what networks each is a sum of. */
import { simplexGrid, squareGrid, type GridPoint } from '../../../core/basin/grid.ts';
import { withHeadOf, type HostWeights } from '../../../core/basin/host-weights.ts';
import { planeThrough } from '../../../core/basin/plane.ts';
import { randomDirection } from '../../../core/basin/random-direction.ts';
import type { Surface } from '../../../protocol/plane.ts';
import type { Subject } from './analysis.ts';
import { PRETRAINED } from './named-networks.ts';

export interface SurfaceOrder {
  kind: Surface['kind'];
  /** Three; one for random directions. */
  networks: readonly string[];
  size: number;
  /** Of a plane: what is added on each side, as a share of the three networks' extent. Of random directions: how far they go, 1 is the network's own length. */
  reach: number;
  /** Of the random directions. */
  seed: number;
}

export interface ShapedSurface extends Pick<Surface, 'columns' | 'rows' | 'places' | 'headOf'> {
  /** From coarse to fine. */
  grid: GridPoint[];
  /** A point is the sum of these, each with its coefficient. */
  sources: HostWeights[];
  coefficients(point: Pick<GridPoint, 'column' | 'row'>): number[];
}

/** @throws StarsseError usage when the networks do not span a plane; file-missing, mismatch */
export async function shapeSurface({ networks, model: { network } }: Subject, { kind, networks: names, size, reach, seed }: SurfaceOrder): Promise<ShapedSurface> {
  const headOf = networks.pretrainedHead === 'other' && names.includes(PRETRAINED) ? (names.find((name) => name !== PRETRAINED) ?? null) : null;
  const corners: HostWeights[] = [];
  for (const name of names) {
    const weights = await networks.weights(name);
    corners.push(name === PRETRAINED && headOf !== null ? withHeadOf(network, weights, await networks.weights(headOf)) : weights);
  }
  switch (kind) {
    case 'plane': {
      const plane = planeThrough(network, corners, names);
      const places = names.map((name, index) => ({ network: name, x: plane.corners[index][0], y: plane.corners[index][1] }));
      const columns = axis(places.map(({ x }) => x), size, reach);
      const rows = axis(places.map(({ y }) => y), size, reach);
      return { columns, rows, places, headOf, grid: squareGrid(size), sources: corners, coefficients: ({ column, row }) => plane.coefficients(columns[column], rows[row]) };
    }
    case 'random': {
      const sources = [corners[0], ...[0, 1].map((which) => randomDirection(network, corners[0], seed, which))];
      const columns = even(-reach, reach, size);
      return { columns, rows: columns, places: [{ network: names[0], x: 0, y: 0 }], headOf, grid: squareGrid(size), sources, coefficients: ({ column, row }) => [1, columns[column], columns[row]] };
    }
    case 'simplex': {
      const shares = even(0, 1, size + 1);
      return { columns: shares, rows: shares, places: [], headOf, grid: simplexGrid(size), sources: corners, coefficients: ({ column, row }) => [(size - column - row) / size, column / size, row / size] };
    }
  }
}

/** From the first to the last of the places and beyond. */
function axis(places: readonly number[], size: number, margin: number): number[] {
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const beyond = margin * (high - low);
  return even(low - beyond, high + beyond, size);
}

function even(low: number, high: number, size: number): number[] {
  return Array.from({ length: size }, (_, index) => low + ((high - low) * index) / (size - 1));
}
