/** The plan in sections, from its schema. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../look/icon.ts';
import type { Actions } from '../actions.ts';
import { fieldOf, fieldsOf, isObject, type Field } from '../fields.ts';
import { issuesAt, type Model } from '../store.ts';
import { fieldView, type FormContext } from './field.ts';

interface Section {
  name: string;
  title: string;
  hint?: string;
  fields: Field[];
}

export function form(model: Model, open: ReadonlySet<string>, actions: Actions): TemplateResult {
  const value = isObject(model.document?.value) ? model.document.value : {};
  const context: FormContext = { model, actions, dataKind: isObject(value.data) ? value.data.kind : undefined, isLocked: model.document === null || model.document.syntax !== null };
  return html`<section class="form" aria-label=${t('The plan in fields')}>${sectionsOf(model.schema, value).map((section) => sectionView(section, open.has(section.name), context))}</section>`;
}

function sectionsOf(schema: Record<string, unknown>, value: Record<string, unknown>): Section[] {
  const properties = schema.properties as Record<string, Record<string, unknown>>;
  const at = (key: string): Field => fieldOf(properties[key], key, [key], value[key], true);
  const inside = (key: string): Field[] => fieldsOf(properties[key], [key], value[key]);
  const training = inside('training');
  return [
    { name: 'method', title: t('Method'), fields: [at('method'), fieldOf(properties.seed, 'seed', ['seed'], value.seed), fieldOf(properties.memberSeeds, 'memberSeeds', ['memberSeeds'], value.memberSeeds)] },
    { name: 'model', title: t('Checkpoint'), fields: inside('model') },
    { name: 'data', title: t('Data'), fields: [at('data')] },
    { name: 'augmentation', title: t('Augmentation'), fields: training.flatMap((field) => (field.key === 'augmentation' && field.kind === 'group' ? field.fields : [])) },
    { name: 'training', title: t('Optimizer and training'), fields: training.filter(({ key }) => key !== 'augmentation') },
    { name: 'evaluation', title: t('Soup and evaluation'), hint: t('A run ends with the uniform soup and the ensemble of all members; others are made from its dashboard.'), fields: inside('evaluation') },
    { name: 'compute', title: t('Computing'), fields: inside('compute') },
  ];
}

function sectionView({ name, title, hint, fields }: Section, isOpen: boolean, context: FormContext): TemplateResult {
  const { model, actions } = context;
  const issues = fields.flatMap(({ path }) => issuesAt(model.issues, path));
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  return html`<details class="panel section" data-section=${name} ?open=${isOpen} @toggle=${(event: Event) => toggled(event, name, isOpen, actions)}>
    <summary>
      <h2>${title}</h2>
      ${issues.length === 0 ? nothing : html`<span class="count ${errors > 0 ? 'error' : 'warning'}">${icon(errors > 0 ? 'error' : 'warning')} ${issues.length}<span class="unseen"> ${t('problems')}</span></span>`}
    </summary>
    ${isOpen ? html`${hint === undefined ? nothing : html`<p class="muted">${hint}</p>`}<div class="fields">${fields.map((field) => fieldView(field, context))}</div>` : nothing}
  </details>`;
}

function toggled(event: Event, name: string, wasOpen: boolean, actions: Actions): void {
  const { open } = event.target as HTMLDetailsElement;
  if (open !== wasOpen) actions.toggle(name, open);
}
