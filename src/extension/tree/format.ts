/** Numbers and times for people, in the editor's language. */

const UNITS: ['year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number][] = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.44 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** "3 min. ago". @param iso time of the event, ISO 8601. */
export function relativeTime(iso: string, nowMs: number, language: string): string {
  const ageMs = Math.max(0, nowMs - Date.parse(iso));
  const [unit, unitMs] = UNITS.find(([, size]) => ageMs >= size) ?? UNITS[UNITS.length - 1];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(-Math.floor(ageMs / unitMs), unit);
}

/** The two largest units that matter: "1 hr 20 min", "45 sec". */
export function duration(ms: number, language: string): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first === -1 || first === UNITS.length - 1) return amount(Math.max(0, Math.round(ms / 1000)), 'second', language);
  const [unit, unitMs] = UNITS[first];
  const [smaller, smallerMs] = UNITS[first + 1];
  const rest = Math.floor((ms % unitMs) / smallerMs);
  const whole = amount(Math.floor(ms / unitMs), unit, language);
  return rest === 0 ? whole : `${whole} ${amount(rest, smaller, language)}`;
}

/** As the language writes it: "84.1%", "84,1 %". @param fraction 0..1. */
export function percent(fraction: number, language: string, digits: number): string {
  return new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(fraction);
}

/** A difference of fractions in percentage points, with its sign: "+0.5", "−1.25". */
export function points(difference: number, language: string): string {
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 2, signDisplay: 'exceptZero' });
  return format.format(100 * difference).replace('-', '−');
}

/** In decimal units, as file managers count: "1.2 MB", "850 byte". */
export function byteSize(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 99.5 ? 0 : 1;
  return new Intl.NumberFormat(language, { style: 'unit', unit: units[power], unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
}

function amount(value: number, unit: string, language: string): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}
