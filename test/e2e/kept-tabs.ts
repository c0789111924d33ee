/** Which tabs VS Code in a browser has written down: it does so every few seconds, when it has nothing else to do, and not when the window goes. */
import type { Page } from 'playwright-core';
import { until } from './until.ts';

/** What each of the window's databases has of its editors. */
const KEPT = `(async () => {
  const asked = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));
  const texts = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await asked(indexedDB.open(name));
    if (database.objectStoreNames.contains('ItemTable')) texts.push(String(await asked(database.transaction('ItemTable').objectStore('ItemTable').get('memento/workbench.parts.editor'))));
    database.close();
  }
  return texts;
})()`;

interface Grid {
  type: 'branch' | 'leaf';
  data: Grid[] | { editors: unknown[] };
}

/** Waits until every open tab would be there again after a reload. */
export async function tabsAreKept(page: Page): Promise<void> {
  const tabs = await page.locator('.tabs-container [role=tab]').count();
  await until(`${tabs} tabs to be written down`, async () => {
    const kept = await page.evaluate<string[]>(KEPT);
    return kept.some((text) => text.startsWith('{') && editorsIn((JSON.parse(text) as Record<'editorpart.state', { serializedGrid: { root: Grid } }>)['editorpart.state'].serializedGrid.root) === tabs);
  });
}

function editorsIn({ data }: Grid): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + editorsIn(part), 0) : data.editors.length;
}
