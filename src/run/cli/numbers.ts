/** Numbers as the terminal shows them. */

/** 0.8231 -> "82.31 %" */
export function percent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** In percentage points, with its sign: "+1.23". */
export function points(difference: number): string {
  const text = (100 * difference).toFixed(2);
  return difference >= 0 ? `+${text}`.replace('+-', '+') : text;
}

/** "9:05", "1:02:03" */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [String(first), ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}

/** Four significant digits: "0.05", "1.234e-5". */
export function rate(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** 12345678 -> "12.3 M" */
export function amount(count: number): string {
  const units: [number, string][] = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']];
  const unit = units.find(([size]) => count >= size);
  return unit === undefined ? String(Math.round(count)) : `${(count / unit[0]).toFixed(1)} ${unit[1]}`;
}
