import type { CompiledGraph } from './graph/compile.ts';

/** Of a member with a probe there are two. */
const KEPT = 2;

/** Graphs that nobody uses now, for the next member that trains in the same way: to record and prepare one takes as long as many steps. */
export class GraphPool {
  readonly #idle: { key: string; graph: CompiledGraph }[] = [];

  /** A graph of that kind, the caller's from now on, or null. */
  take(key: string): CompiledGraph | null {
    const place = this.#idle.findIndex((each) => each.key === key);
    return place < 0 ? null : this.#idle.splice(place, 1)[0].graph;
  }

  /** Takes a graph over. @param key tells all that the graph depends on */
  give(key: string, graph: CompiledGraph): void {
    this.#idle.push({ key, graph });
    if (this.#idle.length > KEPT) this.#idle.shift()!.graph.close();
  }
}
