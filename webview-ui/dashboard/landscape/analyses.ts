/** What the view knows of `analyses/`: put together from the host's messages. */
import type { Analyses, AnalysesMessage } from '../../../src/protocol/analyses.ts';
import type { SurfacePoint } from '../../../src/protocol/plane.ts';

export interface Landscape extends Analyses {
  /** False until the host has told anything. */
  isKnown: boolean;
  /** Of each plane by its key: points by "column row". */
  points: ReadonlyMap<string, ReadonlyMap<string, SurfacePoint>>;
}

export const NO_LANDSCAPE: Landscape = { isKnown: false, isTrusted: true, basin: null, planes: [], sharpness: null, measures: [], diversity: null, busy: [], problems: [], points: new Map() };

export function withAnalyses(before: Landscape, { isAll, changed, points }: AnalysesMessage): Landscape {
  const old = isAll ? NO_LANDSCAPE : before;
  const { planes = [], measures = [], ...rest } = changed;
  const all = new Map(old.points);
  for (const { key, points: added } of points) {
    const plane = new Map(all.get(key));
    for (const point of added) plane.set(`${point.column} ${point.row}`, point);
    all.set(key, plane);
  }
  return {
    ...old,
    ...rest,
    isKnown: true,
    planes: [...old.planes.filter(({ key }) => !planes.some((plane) => plane.key === key)), ...planes],
    measures: [...old.measures.filter(({ name }) => !measures.some((report) => report.name === name)), ...measures],
    points: all,
  };
}
