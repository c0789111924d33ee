/** What tests read from an open dashboard. */
import type { ToHost, ToView } from '../../../src/protocol/messages.ts';
import { PanelScreen } from './panel-screen.ts';
import { SimulatedRun } from './simulated-run.ts';

export class Screen extends PanelScreen<ToHost, ToView> {
  constructor() {
    super('dashboard');
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
}

export function finished(): SimulatedRun {
  const run = new SimulatedRun();
  run.finish();
  return run;
}
