/** Filters of a convolution as small images, each stretched from its own least to its own greatest number. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { FilterImages } from '../../../src/protocol/checkpoint.ts';
import { count, significant } from '../../words/figures.ts';

export function filters(images: FilterImages): TemplateResult {
  const { shown, filters: all, channels, height, width } = images;
  const pixels = Uint8Array.from(atob(images.pixels), (letter) => letter.charCodeAt(0));
  const names = Array.from({ length: shown }, (_, index) => index);
  const kind = channels === 3 ? t('red, green and blue') : t('one channel');
  return html`<section class="filters" aria-label=${t('Filters')}>
    <h3>${t('Filters')}</h3>
    <p class="muted">
      ${shown < all ? t('The first {0} of {1} filters', count(shown), count(all)) : t('{0} filters', count(all))} · ${height} × ${width} · ${kind} · ${t('each from its least number (dark) to its greatest')}
    </p>
    <ul class="filter-images ${Math.max(height, width) > 8 ? 'large' : ''}">
      ${names.map(
        (index) => html`<li title=${t('Filter {0}: {1} to {2}', index, significant(images.low[index]), significant(images.high[index]))}>
          <canvas width=${width} height=${height} role="img" aria-label=${t('Filter {0}', index)} ${ref((element) => draw(element, pixels, index, images))}></canvas>
          <span aria-hidden="true">${index}</span>
        </li>`,
      )}
    </ul>
  </section>`;
}

function draw(element: Element | undefined, pixels: Uint8Array, index: number, { height, width, channels }: FilterImages): void {
  const context = element instanceof HTMLCanvasElement ? element.getContext('2d') : null;
  if (context === null) return;
  const image = context.createImageData(width, height);
  const start = index * height * width * channels;
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * pixel + channel] = pixels[start + pixel * channels + (channels === 3 ? channel : 0)];
    image.data[4 * pixel + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
