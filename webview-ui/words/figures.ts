/** How numbers are written. */
import { t } from '@vscode/l10n';

let locale = 'en';

/** The language of the texts: numbers must not follow another one. */
export function writeNumbersIn(language: string): void {
  try {
    locale = Intl.getCanonicalLocales(language)[0] ?? 'en';
  } catch {
    locale = 'en';
  }
}

function decimal(value: number, digits: number): string {
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '−');
}

/** A fraction as a percentage: 0.8231 -> 82.3% */
export function percent(fraction: number, digits = 1): string {
  return fraction.toLocaleString(locale, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Nats, and other numbers near one. */
export function nats(value: number, digits = 3): string {
  return decimal(value, digits);
}

/** A difference of fractions in percentage points, with its sign: 0.0123 -> +1.2 */
export function points(fraction: number, digits = 1): string {
  return signed(fraction * 100, digits);
}

function signed(value: number, digits: number): string {
  const text = decimal(Math.abs(value), digits);
  if (Number(Math.abs(value).toFixed(digits)) === 0) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

/** Learning rates span decades: three significant digits, as a power of ten where that is shorter. */
export function rate(value: number): string {
  if (value === 0) return '0';
  if (value >= 0.001) return value.toLocaleString(locale, { maximumSignificantDigits: 3 });
  return value.toExponential(2).replace(/\.?0+e/, 'e').replace('-', '−');
}

export function count(value: number): string {
  return Math.round(value).toLocaleString(locale);
}

/** 12,345,678 -> 12.3M */
export function compact(value: number): string {
  return value.toLocaleString(locale, { notation: 'compact', maximumSignificantDigits: 3 });
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** 12,345,678 -> 12.3 MB */
export function bytes(value: number): string {
  const step = value < 1000 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(value) / 3));
  return (value / 1000 ** step).toLocaleString(locale, { style: 'unit', unit: BYTE_UNITS[step], maximumSignificantDigits: step === 0 ? undefined : 3, unitDisplay: step === 0 ? 'long' : 'short' });
}

/** Any number in four significant digits, as a power of ten where that is shorter. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const text = size >= 0.001 && size < 1e6 ? value.toLocaleString(locale, { maximumSignificantDigits: 4 }) : value.toExponential(2).replace(/\.?0+e/, 'e').replace('e+', 'e');
  return text.replaceAll('-', '−');
}

/** 75,000 ms -> 1 min 15 s */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('{0} min {1} s', minutes, seconds % 60);
  return t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

/** Runs of neighbours shortened: [1, 2, 3, 5] -> 1–3, 5 */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to + 1 < sorted.length && sorted[to + 1] === sorted[to] + 1) to += 1;
    if (to - from >= 2) parts.push(`${sorted[from]}–${sorted[to]}`);
    else parts.push(...sorted.slice(from, to + 1).map(String));
    from = to + 1;
  }
  return parts.join(', ');
}

/** A place on the axis of epochs: whole epochs as such, between them one digit. */
export function decimalEpoch(epoch: number): string {
  return t('Epoch {0}', Number.isInteger(epoch) ? epoch : decimal(epoch, 1));
}
