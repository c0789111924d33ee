/** What tests read from an open dashboard, and how they move in it. */
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import type { Browser } from 'playwright-core';
import type { ToHost } from '../../../src/protocol/messages.ts';
import { launchChromium } from '../../host/chromium.ts';
import { openDashboard, type OpenDashboard, type OpenOptions } from './page.ts';
import { SimulatedRun } from './simulated-run.ts';

/** One browser for a test file, one dashboard a test; each must end without errors and without violations of the policy. */
export class Screen {
  #browser: Browser | null = null;
  #view: OpenDashboard | null = null;

  constructor() {
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

  get view(): OpenDashboard {
    assert.ok(this.#view, 'no dashboard is open');
    return this.#view;
  }

  async open(options: OpenOptions = {}): Promise<OpenDashboard> {
    assert.ok(this.#browser);
    this.#view = await openDashboard(this.#browser, options);
    return this.#view;
  }

  /** Pixels of a chart in a member's colour. */
  pixels(chart: string, series: number): Promise<number> {
    return this.view.page.evaluate<number>(`(() => {
      const canvas = document.querySelector('.plot-${chart} canvas');
      const wanted = getComputedStyle(document.querySelector('#app')).getPropertyValue('--series-${series}').match(/\\w\\w/g).map((digits) => parseInt(digits, 16));
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200 && wanted.every((value, channel) => Math.abs(data[i + channel] - value) < 24)) count++;
      return count;
    })()`);
  }

  /** What the view has asked; a frame is waited for, because its messages take a moment to arrive. */
  async questions(): Promise<ToHost[]> {
    await this.view.post();
    return this.view.sent.filter(({ type }) => type === 'ask');
  }

  /** Presses Tab until the element has the focus. */
  async tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < 80; presses++) {
      if (await this.view.page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
      await this.view.page.keyboard.press('Tab');
    }
    assert.fail(`Tab never reaches ${selector}`);
  }
}

export function finished(): SimulatedRun {
  const run = new SimulatedRun();
  run.finish();
  return run;
}
