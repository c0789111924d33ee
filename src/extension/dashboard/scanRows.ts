/**
 * The lines of a log without making an object of each: of a step row only its step and its loss are read, from the bytes. Which rows a
 * chart shows is decided by these, and only those are parsed. A line that is not written exactly as a trainer writes step rows is parsed at once.
 */
import { parseJson } from '../../protocol/parse.ts';
import { RowSchema, type Row } from '../../protocol/rows.ts';

const NEWLINE = 0x0a;
const [MINUS, PLUS, POINT, NINE, ZERO, E, CLOSE] = [...'-+.90e}'].map((sign) => sign.charCodeAt(0));
const BEFORE_STEP = Buffer.from('{"kind":"step","step":');
const BEFORE_EPOCH = Buffer.from(',"epoch":');
const BEFORE_LOSS = Buffer.from(',"loss":');

export interface LineVisitor {
  /** A step row; `start` and `end` (its newline) are where it lies in the bytes. @returns false to stop. */
  step(step: number, loss: number, start: number, end: number): boolean;
  /** Any other row, parsed. @returns false to stop. */
  row(row: Row, start: number, end: number): boolean;
}

/**
 * Visits the whole lines of `bytes`, in order.
 * @param nameOf names a line in an error, from its number among these lines, from 0.
 * @returns how many lines were seen, and false when a visit stopped it.
 * @throws StarsseError file-invalid when a line is not a row.
 */
export function scanRows(bytes: Buffer, visitor: LineVisitor, nameOf: (line: number) => string): { lines: number; whole: boolean } {
  let lines = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end < 0) break;
    const isStep = readStep(bytes, start, end);
    const goOn = isStep ? visitor.step(scanned.step, scanned.loss, start, end) : visitor.row(parseLine(bytes, start, end, nameOf(lines)), start, end);
    lines += 1;
    if (!goOn) return { lines, whole: false };
    start = end + 1;
  }
  return { lines, whole: true };
}

/** @throws StarsseError file-invalid */
export function parseLine(bytes: Buffer, start: number, end: number, name: string): Row {
  return parseJson(RowSchema, bytes.toString('utf8', start, end), name);
}

/** What `readStep` found: one object for all lines. */
const scanned = { step: 0, loss: 0, at: 0 };

function readStep(bytes: Buffer, start: number, end: number): boolean {
  scanned.at = start;
  if (!skip(bytes, BEFORE_STEP)) return false;
  const step = readNumber(bytes);
  if (!skip(bytes, BEFORE_EPOCH)) return false;
  readNumber(bytes);
  if (!skip(bytes, BEFORE_LOSS)) return false;
  const loss = readNumber(bytes);
  if (Number.isNaN(step) || Number.isNaN(loss) || scanned.at >= end || bytes[end - 1] !== CLOSE) return false;
  scanned.step = step;
  scanned.loss = loss;
  return true;
}

function skip(bytes: Buffer, text: Buffer): boolean {
  const { at } = scanned;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  scanned.at = at + text.length;
  return true;
}

/** A number in JSON's form, to some fifteen digits; NaN where there is none. */
function readNumber(bytes: Buffer): number {
  let { at } = scanned;
  const isNegative = bytes[at] === MINUS;
  if (isNegative) at += 1;
  const first = at;
  let digits = 0;
  let exponent = 0;
  for (; isDigit(bytes[at]); at++) digits = digits * 10 + bytes[at] - ZERO;
  if (at === first) return NaN;
  if (bytes[at] === POINT) for (at += 1; isDigit(bytes[at]); at++, exponent--) digits = digits * 10 + bytes[at] - ZERO;
  if (bytes[at] === E) {
    at += 1;
    const isSmall = bytes[at] === MINUS;
    if (isSmall || bytes[at] === PLUS) at += 1;
    let power = 0;
    for (; isDigit(bytes[at]); at++) power = power * 10 + bytes[at] - ZERO;
    exponent += isSmall ? -power : power;
  }
  scanned.at = at;
  const value = exponent === 0 ? digits : digits * 10 ** exponent;
  return isNegative ? -value : value;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
