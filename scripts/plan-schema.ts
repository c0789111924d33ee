// Writes media/plan.schema.json, which completes and checks *.starsse.json in the editor: `npm run plan-schema`.
import { toJsonSchema } from '@valibot/to-json-schema';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PlanSchema } from '../src/protocol/plan.ts';

export const PLAN_SCHEMA_FILE = fileURLToPath(new URL('../media/plan.schema.json', import.meta.url));

/** The schema of what a user writes: a field with a default may be left out. */
export function planSchemaText(): string {
  const schema = toJsonSchema(PlanSchema, { target: 'draft-07', typeMode: 'input' });
  return `${JSON.stringify({ title: 'StarSSE plan', ...schema }, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(PLAN_SCHEMA_FILE, planSchemaText());
