/** Kinds of numbers and texts that fields of a plan share. */
import * as v from 'valibot';

// JSON's 1e999 is read as Infinity, which JSON cannot write back.
const largest = v.maxValue<number, number>(Number.MAX_VALUE);
export const finite = v.pipe(v.number(), v.minValue(-Number.MAX_VALUE), largest);
export const positive = v.pipe(v.number(), v.gtValue(0), largest);
export const notNegative = v.pipe(v.number(), v.minValue(0), largest);
export const count = v.pipe(v.number(), v.integer(), v.minValue(1));
export const countOrNone = v.pipe(v.number(), v.integer(), v.minValue(0));
/** 0..1 */
export const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** 0..1 without 1: of things that must not all go. */
export const rate = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
export const seed = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1));
/** A file or folder, relative to the plan. */
export const path = v.pipe(v.string(), v.minLength(1));
