/** What a part of the view can cause. */
import type { Question } from '../../src/protocol/checkpoint-messages.ts';
import type { Settings } from './settings.ts';
import type { ColumnKey } from './columns.ts';

export interface Actions {
  ask(question: Question): void;
  cancel(id: number): void;
  dismiss(): void;
  set(change: Partial<Settings>): void;
  sort(by: ColumnKey): void;
  /** Shows a node in the tree, and its details. */
  show(id: string): void;
  /** Unfolds a layer or folds it. */
  toggle(id: string): void;
  key(event: KeyboardEvent): void;
  scrolled(): void;
  copyTable(): void;
}
