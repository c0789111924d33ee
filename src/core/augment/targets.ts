/**
 * Targets of a batch, [batch, classes]: one-hot rows, of which label smoothing spreads a share evenly over all classes
 * (Szegedy et al. 2016, "Rethinking the Inception architecture", section 7): (1 - s) one-hot + s / classes.
 */
export function smoothedTargets(positions: Uint32Array, labels: Int32Array, classes: number, smoothing: number): Float32Array {
  const targets = new Float32Array(positions.length * classes).fill(smoothing / classes);
  for (const [place, position] of positions.entries()) targets[place * classes + labels[position]] = 1 - smoothing + smoothing / classes;
  return targets;
}
