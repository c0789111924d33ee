import { colour, extent, frame, line, px, type Axis } from './frame.ts';

export interface Curve {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

/** Curves over one axis; a curve of one point is a dot. */
export function lines(curves: readonly Curve[], label: string, horizontal: Omit<Axis, 'low' | 'high'>, vertical: Omit<Axis, 'low' | 'high'>): string {
  const all = curves.flatMap(({ points }) => points.filter(([, y]) => Number.isFinite(y)));
  const plot = frame({ ...horizontal, ...extent(all.map(([x]) => x), 0) }, { ...vertical, ...extent(all.map(([, y]) => y)) }, label, { legend: curves.map(({ name }) => name) });
  const drawn = curves.map(({ points }, index) => {
    const places = points.filter(([, y]) => Number.isFinite(y)).map(([x, y]) => [plot.x(x), plot.y(y)] as const);
    return places.length === 1 ? `<circle cx="${px(places[0][0])}" cy="${px(places[0][1])}" r="3" fill="${colour(index)}"/>` : `<path class="curve" stroke="${colour(index)}" d="${line(places)}"/>`;
  });
  return plot.draw(drawn.join(''));
}
