/** The numbers of the picture in fields beside it: the same as its handles set. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import { editsOf } from '../knobs.ts';
import { knobsOf, type Drawn, type Knobs } from '../schedule.ts';
import type { Model } from '../store.ts';

export function numbers(drawn: Drawn, model: Model, actions: Actions): TemplateResult {
  const { knobs, method } = drawn;
  const field = (name: string, label: string, value: number, edit: (value: number) => void): TemplateResult => {
    const id = `number-${name}`;
    const change = (event: Event): void => {
      const text = (event.target as HTMLInputElement).value.trim();
      const given = Number(text);
      if (text !== '' && Number.isFinite(given) && given > 0 && given !== value) edit(given);
      else (event.target as HTMLInputElement).value = String(value);
    };
    return html`<div class="number-field"><label for=${id}>${label}</label><input id=${id} type="text" inputmode="decimal" .value=${String(value)} @change=${change} /></div>`;
  };
  const knob = (name: keyof Knobs, label: string): TemplateResult => field(name, label, knobs[name] ?? 1, (value) => actions.edit(editsOf(knobsOf(drawn), { ...knobs, [name]: value })));
  return html`<div class="numbers">
    ${knob('learningRate', t('Learning rate'))} ${knob('epochs', t('Epochs'))}
    ${'members' in method ? field('members', t('Members'), method.members, (value) => actions.edit([{ path: ['method', 'members'], value }])) : ''}
    ${'cycle' in method ? html`${knob('lrRatio', t('Cycle: × learning rate'))} ${knob('epochRatio', t('Cycle: × epochs'))}` : ''}
  </div>`;
}
