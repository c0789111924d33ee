/** Each network by itself, on request: how sharp its minimum is, how well it is calibrated. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { SharpnessRow } from '../../../src/protocol/sharpness.ts';
import '../../charts/xy-chart.ts';
import type { XyContent } from '../../charts/xy-chart.ts';
import { seriesOf } from '../../look/palette.ts';
import { nats, percent } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import { networkName, networkMark, placeOf } from './names.ts';
import { askButton, figuresTable, tableButton, taskBar } from './parts.ts';
import { doneMembers, taskOf, whyNot, type Subject } from './subject.ts';
import { setName } from './words.ts';

export function networksView(subject: Subject, actions: Actions): TemplateResult {
  const { run, landscape, choices } = subject;
  const { sharpness } = landscape;
  const networks = [...doneMembers(run), ...run.soups.map(({ name }) => name)];
  const tasks = (['sharpness', 'measures'] as const).flatMap((kind) => taskOf(subject, kind) ?? []);
  const reason = whyNot(subject, 1);
  const sharp = (name: string): SharpnessRow | undefined => sharpness?.rows.find(({ network }) => network === name);
  const measured = (name: string) => landscape.measures.find((report) => report.name === name)?.measures;
  const title = t('Each network');
  return html`<figure class="picture networks">
    <figcaption>
      <h3>${title}</h3>
      <span class="muted hint">${sharpness === null ? t('sharpness: how the loss bends around the weights; calibration: whether confidence is right') : t('sharpness on {0}', setName(sharpness.set))}</span>
      <span class="controls">
        ${askButton(t('Measure sharpness'), 'pulse', { className: 'measure-sharpness', reason: tasks.some(({ question }) => question.kind === 'sharpness') ? t('It is being measured.') : reason, secondary: true }, () => actions.ask({ kind: 'sharpness', networks }))}
        ${askButton(t('Measure calibration'), 'target', { className: 'measure-calibration', reason: tasks.some(({ question }) => question.kind === 'measures') ? t('It is being measured.') : reason, secondary: true }, () => actions.ask({ kind: 'measures', names: networks }))}
      </span>
    </figcaption>
    ${tasks.map((task) => taskBar(task, task.question.kind === 'sharpness' ? t('Sharpness') : t('Calibration'), { name: t('Cancel'), icon: 'close' }, actions))}
    ${sharpness === null && landscape.measures.length === 0 ? nothing : html`<div class="networks-figures">${table()} ${noise()}</div>`}
  </figure>`;

  function table(): TemplateResult {
    const heads = [t('Network'), t('Top eigenvalue'), t('Trace'), t('Gradient'), 'NLL', 'ECE', 'Brier', t('Temperature')];
    return figuresTable(title, heads, networks.map((name) => {
      const row = sharp(name);
      const figures = measured(name);
      const trace = row === undefined || row.trace === null ? '' : `${short(row.trace)}${row.traceError === null ? '' : ` ± ${short(row.traceError)}`}`;
      return [
        html`${networkMark(run, name)} ${networkName(name)}`,
        row === undefined ? '' : row.topEigenvalue === null ? t('none') : html`${row.converged ? nothing : html`<span title=${t('The iteration has not settled')}>≈ </span>`}${short(row.topEigenvalue)}`,
        trace, row === undefined || row.gradientNorm === null ? '' : short(row.gradientNorm),
        figures === undefined ? '' : nats(figures.nll), figures === undefined ? '' : percent(figures.ece), figures === undefined ? '' : nats(figures.brier), figures === undefined ? '' : nats(figures.temperature, 2),
      ];
    }));
  }

  function noise(): TemplateResult | typeof nothing {
    const rows = (sharpness?.rows ?? []).filter((row) => row.noise.length > 0);
    if (rows.length === 0) return nothing;
    const noiseTitle = t('Loss under noise');
    const content: XyContent = {
      label: noiseTitle, xTitle: t('length of the noise, share of the weights'), yTitle: t('Loss'), writeX: (value) => nats(value, 2), writeY: (value) => nats(value, 2), height: 240,
      series: rows.map((row) => ({ key: row.network, name: networkName(row.network), colour: placeOf(run, row.network) < 0 ? null : seriesOf(placeOf(run, row.network)), dots: true, points: [{ x: 0, y: row.loss }, ...row.noise.map(({ radius, loss }) => ({ x: radius, y: loss }))].flatMap(({ x, y }) => (y === null ? [] : [{ x, y }])) })),
    };
    return html`<div class="noise">
      <div class="noise-title"><h4>${noiseTitle}</h4> ${tableButton('noise', noiseTitle, choices, actions)}</div>
      ${choices.tables.includes('noise')
        ? figuresTable(noiseTitle, [t('Network'), ...rows[0].noise.map(({ radius }) => nats(radius, 2))], rows.map((row) => [html`${networkMark(run, row.network)} ${networkName(row.network)}`, ...row.noise.map(({ loss }) => (loss === null ? '∞' : nats(loss, 3)))]))
        : html`<xy-chart .content=${content}></xy-chart>`}
    </div>`;
  }
}

/** Three digits of a number of any size. */
function short(value: number): string {
  return nats(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3);
}
