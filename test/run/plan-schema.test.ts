import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PLAN_SCHEMA_FILE, planSchemaText } from '../../scripts/plan-schema.ts';
import { VERSION } from '../../src/protocol/version.ts';

test('media/plan.schema.json is what the schema that parses plans gives (mend with `npm run plan-schema`)', () => {
  assert.equal(readFileSync(PLAN_SCHEMA_FILE, 'utf8'), planSchemaText());
});

test('the schema describes what a user sees while typing and lets what has a default be left out', () => {
  const schema = JSON.parse(planSchemaText()) as { required: string[]; properties: Record<string, { properties?: Record<string, { description?: string }>; default?: unknown }> };
  assert.deepEqual(schema.required, ['name', 'model', 'data', 'method', 'training']);
  assert.match(schema.properties.training.properties?.epochs.description ?? '', /Epochs of member 1/);
  assert.deepEqual(schema.properties.compute.default, {});
});

test('the version is that of package.json', () => {
  assert.equal(VERSION, (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
});
