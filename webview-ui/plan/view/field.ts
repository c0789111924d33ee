/** One field of the form: what is written, what holds without it, what is wrong with it. A change is one edit; an empty field is absent. */
import { t, t as translate } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { icon } from '../../look/icon.ts';
import { methodName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import { switched, type Field } from '../fields.ts';
import { issuesAt, type Model } from '../store.ts';
import { labelOf } from '../words/labels.ts';
import { STARTERS } from '../starters.ts';

export interface FormContext {
  model: Model;
  actions: Actions;
  /** Folders are chosen for paths of data of that kind. */
  dataKind: unknown;
  /** Nothing can be edited. */
  isLocked: boolean;
}

export function fieldView(field: Field, context: FormContext): TemplateResult {
  if (field.kind === 'group') return group(field, context);
  if (field.kind === 'variant') return variant(field, context);
  const id = `field-${field.path.join('.')}`;
  const issues = issuesAt(context.model.issues, field.path);
  const described = [field.description === '' ? '' : `${id}-about`, issues.length === 0 ? '' : `${id}-issues`].filter((each) => each !== '').join(' ');
  const shared = { id, described, isWrong: issues.some(({ severity }) => severity === 'error') };
  return html`<div class="field of-${field.kind} ${issues.length > 0 ? 'has-issue' : ''}" data-field=${field.path.join('.')}>
    <label for=${id}>${labelOf(field.key)}${field.isRequired ? html`<span class="muted" title=${t('Required')}> *</span>` : nothing}</label>
    <div class="control">${control(field, shared, context)}</div>
    ${field.description === '' ? nothing : html`<p class="about muted" id="${id}-about">${translate(field.description)}</p>`}
    ${issueList(issues, `${id}-issues`)}
  </div>`;
}

interface Shared {
  id: string;
  described: string;
  isWrong: boolean;
}

function control(field: Exclude<Field, { kind: 'group' | 'variant' }>, { id, described, isWrong }: Shared, { model, actions, dataKind, isLocked }: FormContext): TemplateResult {
  const set = (value: unknown): void => {
    if (JSON.stringify(value) !== JSON.stringify(field.value)) actions.edit([{ path: [...field.path], ...(value === undefined ? {} : { value }) }]);
  };
  const browse = (what: 'file' | 'files' | 'folder'): TemplateResult =>
    html`<button class="plain browse" ?disabled=${isLocked} title=${t('Browse…')} aria-label=${t('Browse for {0}', labelOf(field.key))} @click=${() => actions.ask({ kind: 'browse', path: [...field.path], what })}>
      ${icon(what === 'folder' ? 'folder-opened' : 'go-to-file')}
    </button>`;
  const placeholder = field.fallback === undefined || field.fallback === null ? '' : shown(field.fallback);
  switch (field.kind) {
    case 'switch':
      return html`<input type="checkbox" id=${id} aria-describedby=${described || nothing} ?disabled=${isLocked} .checked=${live(Boolean(field.value ?? field.fallback))} @change=${(event: Event) => set((event.target as HTMLInputElement).checked)} />`;
    case 'choice':
      return html`<select id=${id} aria-describedby=${described || nothing} aria-invalid=${isWrong ? 'true' : nothing} ?disabled=${isLocked} @change=${(event: Event) => set(field.options.find((option) => String(option) === (event.target as HTMLSelectElement).value))}>
        <option value="" ?selected=${field.value === undefined || field.value === null}>${placeholder === '' ? t('none') : t('{0} (default)', placeholder)}</option>
        ${field.options.map((option) => html`<option value=${String(option)} ?selected=${field.value === option}>${option}</option>`)}
      </select>`;
    case 'lines':
      return html`<textarea id=${id} rows=${Math.min(8, Math.max(2, list(field.value).length))} aria-describedby=${described || nothing} aria-invalid=${isWrong ? 'true' : nothing} ?disabled=${isLocked} .value=${list(field.value).join('\n')} @change=${(event: Event) => set(lines((event.target as HTMLTextAreaElement).value))}></textarea>
        ${field.isPath ? browse('files') : nothing}`;
    case 'normalization':
    case 'numbers':
    case 'number':
    case 'text': {
      const isPath = field.kind === 'text' && field.isPath;
      const what = field.key === 'root' || dataKind === 'folder' && field.path[0] === 'data' ? 'folder' : 'file';
      return html`<input
          id=${id} type="text" inputmode=${field.kind === 'number' ? 'decimal' : nothing} spellcheck="false" autocomplete="off"
          aria-describedby=${described || nothing} aria-invalid=${isWrong ? 'true' : nothing} aria-required=${field.isRequired ? 'true' : nothing}
          placeholder=${placeholder || (field.isRequired ? '' : t('none'))} ?disabled=${isLocked || model.document === null}
          .value=${shown(field.value)}
          @change=${(event: Event) => set(parsed(field, (event.target as HTMLInputElement).value))} />
        ${isPath ? browse(what) : nothing}`;
    }
  }
}

function group(field: Extract<Field, { kind: 'group' }>, context: FormContext): TemplateResult {
  const { actions, isLocked, model } = context;
  const id = `field-${field.path.join('.')}`;
  const turn = (event: Event): void => {
    const isOn = (event.target as HTMLInputElement).checked;
    actions.edit([{ path: [...field.path], ...(isOn ? { value: STARTERS[field.key] ?? {} } : {}) }]);
  };
  return html`<fieldset class="group" data-field=${field.path.join('.')}>
    <legend>
      ${field.canBeOff ? html`<label><input type="checkbox" id=${id} ?disabled=${isLocked} .checked=${live(field.isOn)} @change=${turn} /> ${labelOf(field.key)}</label>` : labelOf(field.key)}
    </legend>
    ${field.description === '' ? nothing : html`<p class="about muted">${translate(field.description)}</p>`}
    ${issueList(issuesAt(model.issues, field.path, true), `${id}-issues`)}
    ${field.isOn ? html`<div class="fields">${field.fields.map((each) => fieldView(each, context))}</div>` : nothing}
  </fieldset>`;
}

function variant(field: Extract<Field, { kind: 'variant' }>, context: FormContext): TemplateResult {
  const { actions, isLocked, model } = context;
  const id = `field-${field.path.join('.')}.kind`;
  const choose = (event: Event): void => {
    const name = (event.target as HTMLSelectElement).value;
    const { removed } = switched(field.value, field.variants[field.options.indexOf(name)], name);
    actions.edit([...removed.map((key) => ({ path: [...field.path, key] })), { path: [...field.path, 'kind'], value: name }]);
  };
  const about = field.chosen === null ? '' : field.details[field.chosen];
  return html`<div class="variant" data-field=${field.path.join('.')}>
    <div class="field of-choice" data-field="${field.path.join('.')}.kind">
      <label for=${id}>${labelOf(`${field.key}.kind`)}</label>
      <div class="control">
        <select id=${id} aria-describedby=${about === '' ? nothing : `${id}-about`} ?disabled=${isLocked} @change=${choose}>
          ${field.chosen === null ? html`<option value="" selected disabled>${t('choose')}</option>` : nothing}
          ${field.options.map((name) => html`<option value=${name} ?selected=${name === field.chosen}>${field.key === 'method' ? methodName(name).name : name}</option>`)}
        </select>
      </div>
      ${about === '' ? nothing : html`<p class="about muted" id="${id}-about">${translate(about)}</p>`}
    </div>
    ${issueList([...issuesAt(model.issues, field.path, true), ...issuesAt(model.issues, [...field.path, 'kind'])], `${id}-issues`)}
    <div class="fields">${field.fields.map((each) => fieldView(each, context))}</div>
  </div>`;
}

export function issueList(issues: readonly { severity: string; message: string }[], id: string): TemplateResult | typeof nothing {
  if (issues.length === 0) return nothing;
  return html`<ul class="issues" id=${id}>
    ${issues.map(({ severity, message }) => html`<li class=${severity}>${icon(severity)} <span>${message}</span></li>`)}
  </ul>`;
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value as string | number | boolean);
}

/** What a text means; a text that means nothing stays as it is, and the check of the plan says so. */
function parsed(field: Field, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (field.kind === 'number') return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
  if (field.kind === 'numbers') return trimmed.split(/[\s,;]+/).map((part) => (Number.isFinite(Number(part)) ? Number(part) : part));
  if (field.kind === 'normalization' && trimmed.startsWith('{')) {
    try {
      return JSON.parse(trimmed) as unknown;
    } catch {
      return trimmed;
    }
  }
  return trimmed;
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function lines(text: string): string[] | undefined {
  const all = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return all.length === 0 ? undefined : all;
}
