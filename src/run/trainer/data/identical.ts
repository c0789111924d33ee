/** Examples that are the same, bit for bit as they are stored, told by their hashes. */
import { HASH_BYTES, type ExampleSet } from './example-set.ts';

/** Where each content is first; `at` and `of` are positions. */
export interface Copy {
  at: number;
  of: number;
}

type Hashed = Pick<ExampleSet, 'hashes'>;

/** Every example after the first of its content. */
export function copiesWithin(set: Hashed): Copy[] {
  const first = new Map<string, number>();
  const copies: Copy[] = [];
  for (const [at, key] of keysOf(set).entries()) {
    const of = first.get(key);
    if (of === undefined) first.set(key, at);
    else copies.push({ at, of });
  }
  return copies;
}

/** The examples of `set` that `other` has too. */
export function copiesOf(other: Hashed, set: Hashed): Copy[] {
  const first = new Map<string, number>();
  for (const [position, key] of keysOf(other).entries()) if (!first.has(key)) first.set(key, position);
  return keysOf(set).flatMap((key, at) => {
    const of = first.get(key);
    return of === undefined ? [] : [{ at, of }];
  });
}

function keysOf({ hashes }: Hashed): string[] {
  const bytes = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, position) => bytes.toString('latin1', position * HASH_BYTES, (position + 1) * HASH_BYTES));
}
