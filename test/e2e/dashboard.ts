/** What a person reads in the dashboard, and the buttons they press. */
import type { FrameLocator, Page } from 'playwright-core';
import { webview } from './workbench.ts';

/** What is asked of a canvas in the page; these programs are checked without the types of a browser. */
interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d'): { getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray } };
}

export class Dashboard {
  readonly view: FrameLocator;

  constructor(page: Page) {
    this.view = webview(page);
  }

  /** Waits until the run is drawn. */
  async shown(): Promise<void> {
    await this.view.locator('header h1').waitFor({ timeout: 60_000 });
  }

  async status(): Promise<string> {
    return (await this.view.locator('header .badge').innerText()).trim().toLowerCase();
  }

  /** Training of all members, percent. */
  async percent(): Promise<number> {
    return Number(await this.view.locator('.run-progress [role=progressbar]').getAttribute('aria-valuenow'));
  }

  /** Pixels of a chart's canvases that are not blank. A growing curve covers more of them. */
  async inkOf(chart: 'loss' | 'validation' | 'rate'): Promise<number> {
    const canvas = this.view.locator(`.plot-${chart} canvas`).first();
    return canvas.evaluate((element) => {
      const { width, height, getContext } = element as unknown as Canvas;
      const { data } = getContext.call(element, '2d').getImageData(0, 0, width, height);
      let ink = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) ink++;
      return ink;
    });
  }

  /** Turns a chart into its table, or back. */
  async toggleTable(chart: 'loss' | 'validation' | 'rate'): Promise<void> {
    await this.view.locator(`.plot-${chart} button[aria-label$="as a table"]`).click();
  }

  /** Figures in a chart's table. */
  async tableFigures(chart: 'loss' | 'validation' | 'rate'): Promise<number> {
    const cells = await this.view.locator(`.plot-${chart} tbody td`).allInnerTexts();
    return cells.filter((text) => text.trim() !== '').length;
  }

  /** Names of the rows of the result table: member-1, soup-uniform-1, ... */
  async resultRows(): Promise<string[]> {
    const rows = await this.view.locator('.result-table tbody tr').all();
    return Promise.all(rows.map(async (row) => (await row.getAttribute('data-row')) ?? ''));
  }

  /** Test accuracy of a row in percent, as it is written. */
  async accuracyOf(row: string): Promise<number> {
    const text = await this.view.locator(`.result-table tr[data-row="${row}"] td`).first().innerText();
    return Number(/([\d.]+)\s*%/.exec(text)?.[1]);
  }

  /** The row that the last question added. */
  async addedRow(): Promise<string | null> {
    const row = this.view.locator('.result-table tr.added');
    return (await row.count()) === 1 ? row.getAttribute('data-row') : null;
  }

  async pick(member: string): Promise<void> {
    await this.view.locator(`vscode-checkbox[data-member="${member}"]`).click();
  }

  async press(button: 'make-soup' | 'make-ensemble' | 'stop' | 'resume'): Promise<void> {
    await this.view.locator(`vscode-button.${button}`).click();
  }
}
