/** Class names: those of the plan, or those that the data have. */
import { StarsseError } from '../../../protocol/errors.ts';

/** By UTF-16 units, as Python and most tools sort ASCII names: the same on every machine. */
export function sortedNames(names: Iterable<string>): string[] {
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Whole numbers by value, everything else by name. */
export function sortedLabels(labels: Iterable<string>): string[] {
  const names = sortedNames(labels);
  return names.every((name) => /^\d{1,9}$/.test(name)) ? names.sort((a, b) => Number(a) - Number(b)) : names;
}

/**
 * All sets must have the same classes.
 * @param wanted what the others have to agree with, and where it is from.
 * @throws StarsseError data-invalid naming what is missing and what is too much
 */
export function checkSameClasses(wanted: { from: string; classes: readonly string[] }, found: { from: string; classes: readonly string[] }): void {
  const missing = wanted.classes.filter((name) => !found.classes.includes(name));
  const extra = found.classes.filter((name) => !wanted.classes.includes(name));
  if (missing.length === 0 && extra.length === 0) return;
  const parts = [
    ...(missing.length === 0 ? [] : [`has no class ${listed(missing)}`]),
    ...(extra.length === 0 ? [] : [`has ${extra.length === 1 ? 'class' : 'classes'} ${listed(extra)} that ${wanted.from} has not`]),
  ];
  throw new StarsseError('data-invalid', `${found.from} ${parts.join(' and ')}`, { hint: `The classes of ${wanted.from} are ${listed(wanted.classes)}. Every set must have the same.` });
}

/** Up to ten of the names. */
export function listed(names: readonly string[], most = 10): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** @throws StarsseError data-invalid */
export function checkClassCount(classes: readonly string[], from: string): void {
  if (classes.length < 2) {
    throw new StarsseError('data-invalid', `${from} has ${classes.length === 1 ? `one class, ${classes[0]}` : 'no classes'}; a classifier needs at least two`);
  }
  const twice = classes.filter((name, index) => classes.indexOf(name) !== index);
  if (twice.length > 0) throw new StarsseError('plan-invalid', `data.classes names ${listed(twice)} twice`);
}
