/** A host for the plan editor without an editor: a text, edited as the extension does, with undo. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Estimate } from '../../../src/protocol/plan-check.ts';
import type { FieldEdit, FieldIssue, PlanToHost, PlanToView } from '../../../src/protocol/plan-editor-messages.ts';
import { documentOf, replacementFor } from '../../../src/extension/plan/planText.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const SCHEMA: unknown = JSON.parse(readFileSync(path.join(ROOT, 'media/plan.schema.json'), 'utf8'));
export const SAMPLE = readFileSync(path.join(ROOT, 'samples/fashion-mnist/fashion-mnist.starsse.json'), 'utf8');

export class PlanHost {
  readonly texts: string[];
  readonly edits: FieldEdit[][] = [];
  issues: FieldIssue[] = [];
  estimate: Estimate | null = null;
  trusted = true;
  #version = 1;

  constructor(text = SAMPLE) {
    this.texts = [text];
  }

  get text(): string {
    return this.texts[this.texts.length - 1];
  }

  get value(): Record<string, Record<string, unknown>> {
    return JSON.parse(this.text) as Record<string, Record<string, unknown>>;
  }

  snapshot(texts: Record<string, string> = {}): PlanToView {
    const estimate = this.estimate === null ? null : { estimate: this.estimate, value: documentOf(this.text, 0).value };
    return { type: 'snapshot', document: this.document(), issues: this.issues, schema: SCHEMA, facts: this.estimate?.facts ?? null, estimate, trusted: this.trusted, tasks: [], texts };
  }

  document(): Extract<PlanToView, { type: 'document' }>['document'] {
    return documentOf(this.text, this.#version);
  }

  /** Answers edits as the extension does. */
  readonly onMessage = (message: PlanToHost): PlanToView[] => {
    if (message.type !== 'edit') return [];
    this.edits.push(message.edits);
    const replacement = replacementFor(this.text, message.edits);
    if (replacement !== null) this.write(this.text.slice(0, replacement.offset) + replacement.text + this.text.slice(replacement.offset + replacement.length));
    return [{ type: 'document', document: this.document() }];
  };

  write(text: string): PlanToView {
    this.texts.push(text);
    this.#version += 1;
    return { type: 'document', document: this.document() };
  }

  undo(): PlanToView {
    this.texts.pop();
    this.#version += 1;
    return { type: 'document', document: this.document() };
  }
}

export const ESTIMATE: Estimate = {
  facts: {
    images: { train: 1000, validation: 1000, test: 10000 }, classes: 10, stepsPerEpoch: 16,
    network: { name: 'resnet-8', parameters: 77754 }, snapshotBytes: 315_000, runBytes: 4_800_000, freeBytes: 76_900_000_000,
    device: { backend: 'tensorflow', kind: 'cpu', description: 'TensorFlow 2.21.0, 2 threads, AMD EPYC' }, workers: 2, threads: 1, threadsAlone: 2,
  },
  cost: { members: 5, epochs: 100, shortest: 40, passes: { soup: 1, ensemble: 5 } },
  timing: { workers: 2, stepsPerEpoch: 16, stepMs: { alone: 18, beside: 29 }, imageMs: 0.1, evaluated: { epoch: 1000, end: 11000 }, startMs: 1800 },
  steps: 40, epochMs: 388, totalMs: 35_000,
};
