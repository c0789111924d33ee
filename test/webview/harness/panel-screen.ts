/** How tests open a panel and move in it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before } from 'node:test';
import type { Browser } from 'playwright-core';
import type { PageName } from '../../../src/extension/pages/showPage.ts';
import { launchChromium } from '../../host/chromium.ts';
import { openPanel, type OpenPanel, type PanelOptions } from './page.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One browser for a test file, one panel a test; each must end without errors and without violations of the policy. */
export class PanelScreen<ToHost, ToView> {
  readonly #name: PageName;
  #browser: Browser | null = null;
  #view: OpenPanel<ToHost, ToView> | null = null;

  constructor(name: PageName) {
    this.#name = name;
    before(async () => {
      this.#browser = await launchChromium();
    });
    after(() => this.#browser?.close());
    afterEach(async () => {
      assert.deepEqual(this.view.problems, [], 'errors of the page');
      assert.deepEqual(await this.view.violations(), [], 'violations of the content policy');
      await this.view.page.close();
    });
  }

  get view(): OpenPanel<ToHost, ToView> {
    assert.ok(this.#view, 'no panel is open');
    return this.#view;
  }

  async open(options: PanelOptions<ToHost, ToView> = {}): Promise<OpenPanel<ToHost, ToView>> {
    assert.ok(this.#browser);
    this.#view = await openPanel(this.#browser, this.#name, options);
    return this.#view;
  }

  /** Presses Tab until the element has the focus. */
  async tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < 80; presses++) {
      if (await this.view.page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
      await this.view.page.keyboard.press('Tab');
    }
    assert.fail(`Tab never reaches ${selector}`);
  }

  /** What axe finds wrong for people with disabilities in the page as it is, or in one part of it: a line each. */
  async axeFindings(part = ':root'): Promise<string[]> {
    await this.view.page.evaluate(AXE);
    const violations = await this.view.page.evaluate<{ id: string; nodes: { html: string }[] }[]>(`axe.run(${JSON.stringify(part)}).then(({ violations }) => violations)`);
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
  }

  /** Fails when the page is wider than the window, or a text is cut off in what matches `selectors`. */
  async nothingSticksOut(width: number, selectors = 'h1, h2, h3, p, dt, dd, button, vscode-button, .badge, .tag, .chip'): Promise<void> {
    assert.ok((await this.view.page.evaluate<number>('document.documentElement.scrollWidth')) <= width, `the page is wider than ${width} px`);
    const cut = await this.view.page.evaluate<string[]>(`[...document.querySelectorAll(${JSON.stringify(selectors)})]
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
      .map((element) => element.className + ': ' + element.textContent.trim())`);
    assert.deepEqual(cut, []);
  }

  /** The page as it is: axe finds nothing in the four kinds of theme, and at each width nothing sticks out. Leaves the first width. */
  async looksRight([first, ...narrower]: readonly number[], selectors?: string): Promise<void> {
    for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
      await this.view.setTheme(theme);
      assert.deepEqual(await this.axeFindings(), [], theme);
    }
    for (const width of [first, ...narrower, first]) {
      await this.view.page.setViewportSize({ width, height: 900 });
      await this.view.post();
      await this.nothingSticksOut(width, selectors);
    }
  }
}
