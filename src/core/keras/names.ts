/** Names of layers here are letters, digits, _, ., / and -; Keras takes any text. */

/** The name with other characters replaced, and a number where it is taken; it is taken then. */
export function uniqueName(wanted: string, taken: Set<string>): string {
  const name = wanted.replaceAll(/[^\w./-]/g, '_') || 'layer';
  let unique = name;
  for (let number = 2; taken.has(unique); number++) unique = `${name}_${number}`;
  taken.add(unique);
  return unique;
}
