/** Values of a layer's configuration, checked: configurations come from files. */
import { StarsseError } from '../../protocol/errors.ts';

export type Config = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws StarsseError file-invalid */
export function recordOf(value: unknown, what: string): Record<string, unknown> {
  if (!isRecord(value)) throw wrong(what, value, 'is no object');
  return value;
}

/** @throws StarsseError file-invalid */
export function listOf(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(what, value, 'is no list');
  return value;
}

/** @throws StarsseError file-invalid */
export function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw wrong(what, value, 'is no text');
  return value;
}

/** A whole number, 0 or more. @throws StarsseError file-invalid */
export function wholeOf(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(what, value, 'is no whole number from 0');
  return value;
}

/** @throws StarsseError file-invalid */
export function finiteOf(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(what, value, 'is no number');
  return value;
}

/** One number for both, or two: strides, kernel sizes. @throws StarsseError file-invalid */
export function pairOf(value: unknown, what: string): [number, number] {
  if (!Array.isArray(value)) return [wholeOf(value, what), wholeOf(value, what)];
  if (value.length !== 2) throw wrong(what, value, 'is not two numbers');
  return [wholeOf(value[0], what), wholeOf(value[1], what)];
}

/** The number of a list that may be a single number. @throws StarsseError file-invalid */
export function finitesOf(value: unknown, what: string): number[] {
  if (!Array.isArray(value)) return [finiteOf(value, what)];
  return value.flat(8).map((item) => finiteOf(item, what));
}

function wrong(what: string, value: unknown, problem: string): StarsseError {
  const shown = value === undefined ? 'nothing' : JSON.stringify(value);
  return new StarsseError('file-invalid', `${what} ${problem}: ${shown.length > 80 ? `${shown.slice(0, 77)}...` : shown}`);
}
