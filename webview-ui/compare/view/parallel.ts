/** Parallel coordinates with stretches that are chosen by drag or by keys, and the table behind them. */
import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Sweep, SweepPoint } from '../../../src/protocol/compare-messages.ts';
import { legend } from '../../charts/legend.ts';
import { heatColour } from '../../look/heat.ts';
import { icon } from '../../look/icon.ts';
import { seriesOf } from '../../look/palette.ts';
import { styled } from '../../look/styled.ts';
import { percent, significant } from '../../words/figures.ts';
import { methodName } from '../../words/naming.ts';
import { axesOf, brushByKey, passes, placeOf, resultAxis, type Axis, type Brush } from '../parallel.ts';
import type { Actions, Settings } from '../store.ts';

const [WIDTH, HEIGHT, TOP, SIDE] = [1000, 250, 34, 70];

/** The lowest result must be seen against the background. */
const LOWEST_COLOUR = 0.45;

/** @param sweeps of the tuner */
export function parallel(sweep: Sweep, sweeps: readonly Sweep[], dark: boolean, settings: Settings, actions: Actions): TemplateResult {
  const axes = axesOf(sweep.points);
  const result = resultAxis(sweep);
  const { brushes, sweepAsTable, chosen } = settings;
  const isOne = sweep.points.some(({ folder }) => folder !== null && folder === chosen);
  const through = sweep.points.filter((point) => passes(point, axes, brushes));
  const has = Object.keys(brushes).length > 0;
  return html`<section class="panel" aria-labelledby="sweep-title">
    <div class="panel-title">
      <h2 id="sweep-title">${t('Settings and results')}</h2>
      <span class="buttons">
        ${sweeps.length === 0
          ? nothing
          : html`<select aria-label=${t('What is shown')} @change=${(event: Event) => actions.set({ sweep: (event.target as HTMLSelectElement).value, brushes: {} })}>
              <option value="" ?selected=${settings.sweep === ''}>${t('These runs')}</option>
              ${sweeps.map(({ name }) => html`<option value=${name} ?selected=${settings.sweep === name}>${t('Tune {0}', name)}</option>`)}
            </select>`}
        <span class="muted" role="status">${has ? t('{0} of {1} lines', through.length, sweep.points.length) : ''}</span>
        <button class="plain" ?disabled=${!has} title=${t('Clear the choice')} aria-label=${t('Clear the choice')} @click=${() => actions.set({ brushes: {} })}>${icon('clear-all')}</button>
        <button class="plain" aria-pressed=${sweepAsTable} title=${t('Settings and results as a table')} aria-label=${t('Settings and results as a table')} @click=${() => actions.set({ sweepAsTable: !sweepAsTable })}>${icon('table')}</button>
      </span>
    </div>
    ${sweepAsTable ? table() : html`${chart()} ${result === null ? nothing : colours(result)}`}
    ${sweepAsTable ? nothing : html`<p class="muted caveat">${t('Drag along an axis, or press the arrow keys on it, to choose a stretch; Shift moves its end, Escape takes it away.')}</p>`}
  </section>`;

  function x(index: number): number {
    return axes.length === 1 ? WIDTH / 2 : SIDE + (index * (WIDTH - 2 * SIDE)) / (axes.length - 1);
  }

  function y(place: number): number {
    return TOP + (1 - place) * HEIGHT;
  }

  function chart(): TemplateResult {
    const ordered = [...sweep.points].sort((a, b) => Number(through.includes(a)) - Number(through.includes(b)));
    return html`<div class="sweep-frame"><svg class="sweep" viewBox="0 0 ${WIDTH} ${HEIGHT + TOP + 22}" role="group" aria-label=${t('Settings and results')}>
      ${ordered.map((point) => {
        const places = axes.map((axis, index) => ({ index, place: placeOf(axis, point) })).filter(({ place }) => place !== null);
        const d = places.map(({ index, place }, step) => `${step === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(place!).toFixed(1)}`).join('');
        const { label, folder } = point;
        const choose = (to: string | null): void => (folder === null ? undefined : actions.set({ chosen: to }));
        return svg`<path class="curve ${through.includes(point) ? '' : 'out'} ${isOne && folder !== chosen ? 'faint' : ''}" ${styled({ '--member': colourOf(point) })} d=${d} @pointerenter=${() => choose(folder)} @pointerleave=${() => choose(null)}><title>${label}</title></path>`;
      })}
      ${axes.map(axisView)}
    </svg></div>`;
  }

  function colourOf(point: SweepPoint): string {
    if (result === null) return `var(--series-${seriesOf(sweep.points.indexOf(point))})`;
    const place = placeOf(result, point);
    return place === null ? 'var(--muted)' : heat(place);
  }

  function heat(place: number): string {
    return heatColour(LOWEST_COLOUR + (1 - LOWEST_COLOUR) * place, dark);
  }

  function colours(axis: Axis): TemplateResult {
    return legend({ label: axisName(axis.key), ticks: [0, 0.5, 1].map((at) => ({ at, text: `${at === 0 ? `${axisName(axis.key)} ` : ''}${valueAt(axis, at)}` })), dark, from: LOWEST_COLOUR });
  }

  function axisView(axis: Axis, index: number): TemplateResult {
    const brush = brushes[axis.key];
    const at = (event: PointerEvent): number => {
      const box = (event.currentTarget as Element).querySelector('.line')!.getBoundingClientRect();
      return Math.min(1, Math.max(0, 1 - (event.clientY - box.top) / box.height));
    };
    let start: number | null = null;
    return svg`<g class="axis" tabindex="0" role="slider" aria-orientation="vertical" aria-label=${axisName(axis.key)} aria-valuemin="0" aria-valuemax="100"
        aria-valuenow=${Math.round(100 * (brush?.to ?? 1))} aria-valuetext=${brush === undefined ? t('all') : t('{0} to {1}', valueAt(axis, brush.from), valueAt(axis, brush.to))}
        transform="translate(${x(index)} 0)"
        @pointerdown=${(event: PointerEvent) => ((event.currentTarget as Element).setPointerCapture(event.pointerId), (start = at(event)))}
        @pointerup=${(event: PointerEvent) => {
          if (start === null) return;
          const end = at(event);
          // A click takes the stretch away.
          setBrush(axis.key, Math.abs(end - start) < 0.02 ? null : { from: Math.min(start, end), to: Math.max(start, end) });
          start = null;
        }}
        @keydown=${(event: KeyboardEvent) => {
          const next = brushByKey(brush, event.key, event.shiftKey);
          if (next === undefined) return;
          event.preventDefault();
          setBrush(axis.key, next);
        }}>
      <rect class="room" x="-22" y="0" width="44" height=${HEIGHT + TOP + 22} />
      <text class="title" y="12">${axisName(axis.key)}</text>
      <line class="line" y1=${TOP} y2=${TOP + HEIGHT} />
      ${brush === undefined ? nothing : svg`<rect class="brush" x="-8" width="16" y=${y(brush.to)} height=${Math.max(2, (brush.to - brush.from) * HEIGHT)} />`}
      ${axis.names === null && axis.low === axis.high
        ? svg`<text class="tick name" x="8" y=${y(0.5) + 4}>${valueAt(axis, 0)}</text>`
        : axis.names === null
        ? svg`<text class="tick" y=${TOP - 6}>${valueAt(axis, 1)}</text><text class="tick" y=${TOP + HEIGHT + 16}>${valueAt(axis, 0)}</text>`
        : axis.names.map((name, place) => svg`<text class="tick name" x="8" y=${y(axis.names!.length === 1 ? 0.5 : place / (axis.names!.length - 1)) + 4}>${methodName(name).name}</text>`)}
    </g>`;
  }

  function setBrush(key: string, brush: Brush | null): void {
    const rest = Object.fromEntries(Object.entries(brushes).filter(([other]) => other !== key));
    actions.set({ brushes: brush === null ? rest : { ...rest, [key]: brush } });
  }

  function table(): TemplateResult {
    return html`<div class="table-frame" tabindex="0" role="region" aria-label=${t('Settings and results as a table')}>
      <table>
        <thead><tr><th scope="col">${t('Run')}</th>${axes.map(({ key }) => html`<th scope="col">${axisName(key)}</th>`)}</tr></thead>
        <tbody>${through.map((point) => html`<tr><th scope="row">${point.label}</th>${axes.map((axis) => html`<td>${written(axis.key, point.values[axis.key] ?? null)}</td>`)}</tr>`)}</tbody>
      </table>
    </div>`;
  }
}

function valueAt(axis: Axis, place: number): string {
  if (axis.names !== null) return methodName(axis.names[Math.round(place * (axis.names.length - 1))]).name;
  return written(axis.key, axis.low + place * (axis.high - axis.low));
}

function written(key: string, value: number | string | null): string {
  if (value === null) return '–';
  if (typeof value === 'string') return methodName(value).name;
  return ['best', 'soup', 'ensemble'].includes(key) ? percent(value, 2) : significant(value);
}

function axisName(key: string): string {
  const names: Record<string, string> = {
    method: t('Method'), members: t('Members'), epochs: t('Epochs'), learningRate: t('Learning rate'), best: t('Best member'), soup: t('Soup'), ensemble: t('Ensemble'),
    lrRatio: t('Learning-rate ratio'), epochRatio: t('Epoch ratio'),
  };
  return names[key] ?? key;
}
