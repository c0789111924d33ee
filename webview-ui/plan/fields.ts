/** The form of a plan from its JSON schema: one field a key, with what the text says of it. */

type Json = Record<string, unknown>;
type Keys = readonly (string | number)[];

interface Base {
  path: Keys;
  key: string;
  description: string;
  isRequired: boolean;
  /** What holds while the field is absent; undefined where nothing does. */
  fallback: unknown;
  /** As the text has it; undefined while it is absent. */
  value: unknown;
}
export type Field = Base &
  (
    | { kind: 'text'; isPath: boolean }
    | { kind: 'number'; isWhole: boolean; least: number | null; most: number | null }
    | { kind: 'choice'; options: (string | number)[]; details: Record<string, string> }
    | { kind: 'switch' }
    | { kind: 'lines'; isPath: boolean }
    | { kind: 'numbers' }
    /** An object; one that may be null can be turned off. */
    | { kind: 'group'; canBeOff: boolean; isOn: boolean; fields: Field[] }
    /** An object whose `kind` says which fields it has. */
    | { kind: 'variant'; options: string[]; details: Record<string, string>; variants: Json[]; chosen: string | null; fields: Field[] }
    /** A list of numbers each, or a word. */
    | { kind: 'normalization'; options: string[] }
  );

export function fieldOf(schema: Json, key: string, path: Keys, value: unknown, isRequired = false): Field {
  const { schema: own, canBeNull } = withoutNull(schema);
  const base: Base = { path, key, description: textOf(own.description ?? schema.description), isRequired, fallback: schema.default, value };
  const variants = (own.oneOf ?? own.anyOf) as Json[] | undefined;
  if (variants !== undefined && variants.every(isVariant)) return variantField(base, variants, value);
  if (variants !== undefined && variants.some(({ type }) => type === 'object')) return { ...base, kind: 'normalization', options: variants.flatMap(({ enum: words }) => (words as string[] | undefined) ?? []) };
  if (variants !== undefined) return { ...base, kind: 'number', isWhole: false, least: 0, most: null };
  if (Array.isArray(own.enum)) return { ...base, kind: 'choice', options: own.enum as (string | number)[], details: {} };
  switch (own.type) {
    case 'object':
      return { ...base, kind: 'group', canBeOff: canBeNull, isOn: !canBeNull || (value !== null && value !== undefined), fields: fieldsOf(own, path, value) };
    case 'array': {
      const items = own.items as Json | undefined;
      if (items !== undefined && !Array.isArray(items) && items.type === 'string') return { ...base, kind: 'lines', isPath: items.minLength === 1 };
      return { ...base, kind: 'numbers' };
    }
    case 'boolean':
      return { ...base, kind: 'switch' };
    case 'integer':
    case 'number':
      return { ...base, kind: 'number', isWhole: own.type === 'integer', least: bound(own.minimum ?? own.exclusiveMinimum), most: bound(own.maximum ?? own.exclusiveMaximum) };
    default:
      return { ...base, kind: 'text', isPath: own.minLength === 1 && own.maxLength === undefined };
  }
}

/** Fields of an object, in the schema's order. */
export function fieldsOf(schema: Json, path: Keys, value: unknown): Field[] {
  const required = new Set((schema.required as string[] | undefined) ?? []);
  const own = isObject(value) ? value : {};
  return Object.entries(schema.properties as Record<string, Json>)
    .filter(([, field]) => field.const === undefined && !key$(field))
    .map(([key, field]) => fieldOf(field, key, [...path, key], own[key], required.has(key)));
}

function variantField(base: Base, variants: Json[], value: unknown): Field {
  const named = variants.flatMap((schema) => kindsOf(schema).map((name) => ({ name, schema })));
  const kind = isObject(value) ? value.kind : undefined;
  const found = named.find(({ name }) => name === kind) ?? (kind === undefined && base.key === 'optimizer' ? named[0] : undefined);
  return {
    ...base,
    kind: 'variant',
    options: named.map(({ name }) => name),
    details: Object.fromEntries(named.map(({ name, schema }) => [name, textOf(kindSchema(schema).description)])),
    variants: named.map(({ schema }) => schema),
    chosen: found?.name ?? null,
    fields: found === undefined ? [] : fieldsOf(found.schema, base.path, value).filter(({ key }) => key !== 'kind'),
  };
}

/** What another kind keeps of an object: keys that it has too, with values of the same shape. */
export function switched(value: unknown, schema: Json, kind: string): { removed: string[]; kind: string } {
  const properties = schema.properties as Record<string, Json>;
  const own = isObject(value) ? value : {};
  const removed = Object.keys(own).filter((key) => key !== 'kind' && (!(key in properties) || !fits(own[key], properties[key])));
  return { removed, kind };
}

function fits(value: unknown, schema: Json): boolean {
  const { schema: own, canBeNull } = withoutNull(schema);
  if (value === null) return canBeNull;
  if (Array.isArray(own.enum)) return own.enum.includes(value);
  if (Array.isArray(value)) return own.type === 'array';
  if (isObject(value)) return own.type === 'object' && Object.keys(value).every((key) => key in (own.properties as Json));
  return own.type === undefined || own.type === typeof value || (own.type === 'integer' && typeof value === 'number');
}

function withoutNull(schema: Json): { schema: Json; canBeNull: boolean } {
  const options = schema.anyOf as Json[] | undefined;
  const rest = options?.filter(({ type }) => type !== 'null') ?? [];
  if (options === undefined || rest.length === options.length) return { schema, canBeNull: false };
  return { schema: rest.length === 1 ? rest[0] : { ...schema, anyOf: rest }, canBeNull: true };
}

function kindSchema(schema: Json): Json {
  return ((schema.properties as Record<string, Json> | undefined)?.kind ?? {}) as Json;
}

function kindsOf(schema: Json): string[] {
  const kind = kindSchema(schema);
  return (kind.enum as string[] | undefined) ?? [String(kind.const)];
}

function isVariant(schema: Json): boolean {
  const kind = kindSchema(schema);
  return kind.const !== undefined || kind.enum !== undefined;
}

function key$({ $id }: Json): boolean {
  return $id !== undefined;
}

function bound(value: unknown): number | null {
  return typeof value === 'number' && Math.abs(value) < 1e300 ? value : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
