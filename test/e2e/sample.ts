/** A copy of samples/fashion-mnist, shortened so that a person would not be bored. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SAMPLE = 'samples/fashion-mnist';
const SCHEMA = 'media/plan.schema.json';
export const PLAN_FILE = 'fashion-mnist.starsse.json';

export interface Sample {
  folder: string;
  remove(): void;
}

/**
 * @param shorten replaces parts of the plan's text, which asks for 5 members of 20 epochs.
 * @throws Error naming a part that the plan does not have.
 */
export function copySample(shorten: Record<string, string>): Sample {
  const parent = mkdtempSync(path.join(tmpdir(), 'starsse-sample-'));
  const folder = path.join(parent, SAMPLE);
  // The images without labels serve pre-training only.
  cpSync(path.join(ROOT, SAMPLE), folder, { recursive: true, filter: (source) => !/unlabelled|\.starsse$/.test(source) });
  cpSync(path.join(ROOT, SCHEMA), path.join(parent, SCHEMA));
  const file = path.join(folder, PLAN_FILE);
  let text = readFileSync(file, 'utf8');
  for (const [part, other] of Object.entries(shorten)) {
    if (!text.includes(part)) throw new Error(`${PLAN_FILE} has no ${part}`);
    text = text.replace(part, other);
  }
  writeFileSync(file, text);
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true }) };
}
