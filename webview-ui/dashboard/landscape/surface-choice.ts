/** Which surface is on show or asked for, and what there is of it. */
import type { SurfaceQuestion } from '../../../src/protocol/analyses.ts';
import type { Surface } from '../../../src/protocol/plane.ts';
import type { Landscape } from './analyses.ts';
import type { Choices, SurfaceKind } from './choices.ts';
import { doneMembers, networksThere, type Subject } from './subject.ts';
import { PRETRAINED } from './relations.ts';

type Three = [string, string, string];

/** What the choices say, with what was measured last or comes first where they say nothing; null where not enough networks are there. */
export function chosenSurface({ run, choices, landscape }: Subject): SurfaceQuestion | null {
  const known = networksThere(run);
  const { surface: kind, size, steps, reach, seed } = choices;
  if (kind === 'random') {
    // The head of the pre-trained network is of another task: its own surroundings say nothing.
    const centre = [choices.centre, lastOf(landscape, kind)?.networks[0], known[0]].find((name) => name !== undefined && name !== null && name !== PRETRAINED && known.includes(name));
    return centre === undefined || centre === null || doneMembers(run).length === 0 ? null : { kind, networks: [centre], size, reach, seed };
  }
  const networks = chosenThree(kind, known, choices, landscape);
  if (networks === null) return null;
  return kind === 'plane' ? { kind, networks, size } : { kind, networks, size: steps };
}

function chosenThree(kind: SurfaceKind, known: readonly string[], { plane }: Choices, landscape: Landscape): Three | null {
  if (plane !== null && plane.every((name) => known.includes(name))) return [...plane];
  const last = lastOf(landscape, kind)?.networks ?? [];
  if (last.length === 3) return last as Three;
  return known.length < 3 ? null : [known[0], known[1], known[2]];
}

function lastOf({ planes }: Landscape, kind: SurfaceKind): Surface | undefined {
  return planes.filter((surface) => surface.kind === kind).sort((a, b) => a.createdAt.localeCompare(b.createdAt)).at(-1);
}

/** Points of the whole grid. */
export function gridPoints({ kind, size }: Pick<SurfaceQuestion, 'kind' | 'size'>): number {
  return kind === 'simplex' ? ((size + 1) * (size + 2)) / 2 : size ** 2;
}

/** The surface of that size; where that was not measured, the finest of another size: the same networks in the same order, directions of the same seed and reach. */
export function surfaceOf({ planes }: Landscape, question: SurfaceQuestion): Surface | undefined {
  const same = planes.filter(
    (surface) => surface.kind === question.kind && surface.networks.join() === question.networks.join() && (question.kind !== 'random' || (surface.seed === question.seed && surface.columns.at(-1) === question.reach)),
  );
  return same.find((surface) => sizeOf(surface) === question.size) ?? same.sort((a, b) => b.columns.length - a.columns.length)[0];
}

/** Points of the question's own grid that are measured: a finer grid that is whole holds all of them. */
export function measuredOf({ points }: Landscape, question: SurfaceQuestion, surface: Surface | undefined): number {
  if (surface === undefined) return 0;
  const measured = points.get(surface.key)?.size ?? 0;
  if (sizeOf(surface) === question.size) return measured;
  const isFiner = sizeOf(surface) > question.size && measured >= gridPoints({ kind: surface.kind, size: sizeOf(surface) } as SurfaceQuestion);
  return isFiner ? gridPoints(question) : 0;
}

/** As a question counts it: points a side, or steps. */
function sizeOf({ kind, columns }: Surface): number {
  return kind === 'simplex' ? columns.length - 1 : columns.length;
}
