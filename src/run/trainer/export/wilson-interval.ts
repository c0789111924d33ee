/** Wilson's 95 % score interval of a share of n (Wilson 1927): within 0 and 1, and right for small n too. @returns low and high */
export function wilsonInterval(share: number, n: number): [number, number] {
  if (n === 0) return [0, 1];
  const z = 1.959963984540054;
  const center = share + (z * z) / (2 * n);
  const width = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return [Math.max(0, (center - width) / scale), Math.min(1, (center + width) / scale)];
}
