/** What the run uses of the machine now: figures with their last two minutes as small lines, and a table of the trainers. */
import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { RunView } from '../../../src/protocol/run.ts';
import type { Actions } from '../actions.ts';
import { icon, memberMark } from '../../look/icon.ts';
import { count, nats, percent } from '../../words/figures.ts';
import { memberName } from '../../words/naming.ts';
import { throughput } from '../history.ts';
import { historyOf, type MachineMoment, type Model } from '../store.ts';
import type { Toggles } from '../toggles.ts';

const GIB = 2 ** 30;
/** Size of a small line. */
const [WIDTH, HEIGHT] = [100, 22];

export function machine(run: RunView, model: Model, toggles: Toggles, actions: Actions): TemplateResult | typeof nothing {
  const now = model.machine.at(-1);
  if (now === undefined || !run.members.some(({ state }) => state.status === 'running')) return nothing;
  const title = t('This machine');
  return html`<section class="machine" aria-label=${title}>
    <dl>
      ${tile(t('Images/s now'), now.imagesPerSecond === null ? '–' : count(now.imagesPerSecond), '', history(model, (moment) => moment.imagesPerSecond))}
      ${tile(t('Processors'), cpus(now) === null ? '–' : nats(cpus(now)!, 1), t('of {0} busy for this run', now.cores), history(model, cpus), now.cores)}
      ${tile(t('Memory'), gigabytes(rss(now)), t('of {0} for this run', gigabytes(now.memory.totalBytes)), history(model, rss))}
      ${now.cards.map((card, index) =>
        tile(
          card.name,
          card.busy === null ? '–' : percent(card.busy, 0),
          card.usedBytes === null || card.totalBytes === null ? '' : t('{0} of {1} used', gigabytes(card.usedBytes), gigabytes(card.totalBytes)),
          history(model, ({ cards }) => cards[index]?.busy ?? null),
          1,
        ),
      )}
      ${now.disk === null ? nothing : tile(t('Disk'), gigabytes(now.disk.freeBytes), t('of {0} free', gigabytes(now.disk.totalBytes)), [])}
    </dl>
    <button class="plain" aria-pressed=${toggles.trainers} title=${t('Show as table')} aria-label=${t('{0} as a table', title)} @click=${() => actions.toggle({ type: 'trainers' })}>${icon('table')}</button>
    ${now.elsewhere.length === 0 ? nothing : html`<p class="muted">${t('Members also train on {0}, which cannot be looked at from here.', now.elsewhere.join(', '))}</p>`}
    ${toggles.trainers ? trainers(run, model, now) : nothing}
  </section>`;
}

function trainers(run: RunView, model: Model, now: MachineMoment): TemplateResult {
  return html`<div class="table-frame" tabindex="0" role="region" aria-label=${t('What each trainer uses')}>
    <table>
      <thead>
        <tr>
          ${[t('Member'), t('Process'), t('Processors'), t('Memory'), t('Images/s now')].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${now.trainers.map(({ member, pid, cpus: busy, rssBytes }) => {
          const speed = now.batchSize === null ? null : throughput(historyOf(model, member), now.batchSize);
          return html`<tr>
            <th scope="row">${memberMark(run.members.findIndex((view) => view.member.name === member))} ${memberName(member)}</th>
            <td>${pid}</td>
            <td>${busy === null ? '–' : nats(busy, 1)}</td>
            <td>${gigabytes(rssBytes)}</td>
            <td>${speed === null ? '–' : count(speed)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

function tile(name: string, value: string, note: string, values: readonly (number | null)[], highest?: number): TemplateResult {
  return html`<div class="use">
    <dt>${name}</dt>
    <dd><span class="value">${value}</span> <span class="muted">${note}</span></dd>
    ${values.length < 2 ? nothing : sparkline(values, highest)}
  </div>`;
}

/** Decoration: the value stands above it. From the right; what is not known is a gap of nothing at the bottom. */
function sparkline(values: readonly (number | null)[], highest = 1.1 * Math.max(...values.map((value) => value ?? 0))): TemplateResult {
  const step = WIDTH / 59;
  const points = values.map((value, index) => `${WIDTH - (values.length - 1 - index) * step},${HEIGHT - 1 - (HEIGHT - 2) * Math.min(1, (value ?? 0) / (highest || 1))}`);
  const first = WIDTH - (values.length - 1) * step;
  return html`<svg class="sparkline" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<polygon points="${first},${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}" /><polyline points=${points.join(' ')} />`}
  </svg>`;
}

function history(model: Model, value: (moment: MachineMoment) => number | null): (number | null)[] {
  return model.machine.map(value);
}

function cpus({ trainers: all }: MachineMoment): number | null {
  const known = all.flatMap(({ cpus: busy }) => busy ?? []);
  return known.length === 0 ? null : known.reduce((sum, busy) => sum + busy, 0);
}

function rss({ trainers: all }: MachineMoment): number {
  return all.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0);
}

function gigabytes(bytes: number | null): string {
  return bytes === null ? '–' : t('{0} GB', nats(bytes / GIB, bytes < 100 * GIB ? 1 : 0));
}
