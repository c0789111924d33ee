/** The rules of shape: small files of one topic, no default exports, no barrels, no files named for nothing. */
import path from 'node:path';
import ts from 'typescript';

export const MOST_LINES = 300;
export const MEDIAN_LINES = 100;

const EMPTY_NAMES = /^(utils?|helpers?|common|services?|managers?|misc|shared)$/i;

/** Each file that breaks a rule, as one line. `files` maps paths from the root to sources. */
export function shapeFaults(files: Map<string, string>): string[] {
  const faults = [...files].flatMap(([file, source]) => fileFaults(file, source).map((fault) => `${file}: ${fault}`));
  const lengths = [...files.values()].map(lines).sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  if (median >= MEDIAN_LINES) faults.push(`the median file has ${median} lines, not under ${MEDIAN_LINES}`);
  return faults;
}

function fileFaults(file: string, source: string): string[] {
  const faults: string[] = [];
  if (lines(source) > MOST_LINES) faults.push(`${lines(source)} lines, more than ${MOST_LINES}`);
  const names = file.split('/').map((part) => path.posix.basename(part, '.ts'));
  if (names.some((name) => EMPTY_NAMES.test(name))) faults.push('a name that says nothing of its topic');
  const { statements } = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  if (statements.some(isDefaultExport)) faults.push('a default export');
  if (statements.length > 0 && statements.every((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined)) {
    faults.push('a barrel: only exports of other files');
  }
  return faults;
}

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true;
  if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause)) {
    return statement.exportClause.elements.some(({ name }) => name.text === 'default');
  }
  return ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}

function lines(source: string): number {
  return source.split('\n').length - (source.endsWith('\n') ? 1 : 0);
}
