/** Texts that a user reads: which of them the sources use, which of them the bundles translate. */
import ts from 'typescript';

export type Bundle = Record<string, string>;

/** Keys of `l10n.t('...')` in the extension and `t('...')` in a webview. @throws Error for a key that is not a literal. */
export function textKeys(file: string, source: string): string[] {
  const keys: string[] = [];
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTranslate(node.expression)) {
      const [key] = node.arguments;
      if (key === undefined || !ts.isStringLiteralLike(key)) {
        const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
        throw new Error(`${file}:${line + 1}: the key of a text is not a literal`);
      }
      keys.push(key.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return keys;
}

function isTranslate(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 't';
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 't' && callee.expression.getText().endsWith('l10n');
}

/** Keys of package.json: every `%key%` that is a whole value. */
export function manifestKeys(value: unknown): string[] {
  if (typeof value === 'string') return /^%([\w.-]+)%$/.exec(value)?.slice(1) ?? [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(manifestKeys) : [];
}

/** Every `description` of a JSON schema. */
export function descriptions(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => (key === 'description' && typeof value === 'string' ? [value] : descriptions(value)));
}

/** What is wrong with a bundle: keys it lacks or nobody uses, empty texts, placeholders that a translation lost or invented. */
export function bundleFaults(name: string, used: Iterable<string>, bundle: Bundle, english: Bundle): string[] {
  const keys = new Set(used);
  const faults = [...keys].filter((key) => !(key in bundle)).map((key) => `${name}: "${key}" is missing`);
  for (const [key, text] of Object.entries(bundle)) {
    if (!keys.has(key)) faults.push(`${name}: nobody uses "${key}"`);
    else if (text.trim() === '') faults.push(`${name}: "${key}" is empty`);
    else if (placeholders(text) !== placeholders(english[key] ?? '')) faults.push(`${name}: "${key}" has other placeholders or commands`);
  }
  return faults;
}

/** `{0}`, and the commands that a text links to. */
function placeholders(text: string): string {
  return [...text.matchAll(/\{\d+\}|\(command:[\w.]+\)/g)].map(([match]) => match).sort().join(' ');
}
