/** Takes pictures of a panel in its states, in the four kinds of theme and in narrow windows. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { PageName } from '../../../src/extension/pages/showPage.ts';
import { launchChromium } from '../../host/chromium.ts';
import { openPanel, type PanelOptions } from './page.ts';

/** A state of a panel: what its host posts. */
export interface Scene<ToView> {
  name: string;
  messages: ToView[];
  /** Only this part of the page. */
  part?: string;
  /** What an earlier view left. */
  saved?: object;
}

const LOOKS: (Pick<PanelOptions<unknown, unknown>, 'theme' | 'width'> & { look: string })[] = [
  { look: 'dark', theme: 'dark' },
  { look: 'light', theme: 'light' },
  { look: 'hc-dark', theme: 'high-contrast' },
  { look: 'hc-light', theme: 'high-contrast-light' },
  { look: 'light-700', theme: 'light-2026', width: 700 },
  { look: 'dark-500', theme: 'dark-2026', width: 500 },
  { look: 'light-500', theme: 'light-2026', width: 500 },
];

/** For a program `<this> <folder> [part of a picture's name]`: `<folder>/<scene>-<look>.png`, the whole page each. */
export async function takeScenes<ToView>(panel: PageName, scenes: Scene<ToView>[]): Promise<void> {
  const [folder = `/tmp/${panel}`, part = ''] = process.argv.slice(2);
  mkdirSync(folder, { recursive: true });
  const browser = await launchChromium();
  try {
    for (const { look, ...options } of LOOKS) {
      for (const scene of scenes) {
        const name = `${scene.name}-${look}`;
        if (!name.includes(part)) continue;
        const view = await openPanel<unknown, ToView>(browser, panel, { ...options, saved: scene.saved });
        await view.post(...scene.messages);
        const picture = { path: path.join(folder, `${name}.png`) };
        if (scene.part === undefined) await view.page.screenshot({ ...picture, fullPage: true });
        else await view.page.locator(scene.part).screenshot(picture);
        const problems = [...view.problems, ...(await view.violations())];
        if (problems.length > 0) console.error(name, problems);
        await view.page.close();
      }
    }
  } finally {
    await browser.close();
  }
}
