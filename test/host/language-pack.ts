/** A display language for a VS Code server that cannot download its pack: no word of the workbench is translated, extensions speak their own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes what the server keeps of the packs that are installed. @param dataFolder the server's @param language as VS Code names it: zh-cn */
export function writeLanguagePack(dataFolder: string, language: string): void {
  const folder = path.join(dataFolder, 'data');
  const words = path.join(folder, `words.${language}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(words, JSON.stringify({ version: '1.0.0', contents: {} }));
  writeFileSync(path.join(folder, 'languagepacks.json'), JSON.stringify({ [language]: { hash: 'test', label: language, extensions: [{ extensionIdentifier: { id: `test.${language}` }, version: '1.0.0' }], translations: { vscode: words } } }));
}
