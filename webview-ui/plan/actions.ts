/** What the user can do in the view; `main.ts` carries it out. */
import type { FieldEdit, PlanQuestion } from '../../src/protocol/plan-editor-messages.ts';
import type { Knobs } from './schedule.ts';

export interface Actions {
  /** One step of undo. */
  edit(edits: FieldEdit[]): void;
  /** Follows a drag or a key that is held; null forgets it. */
  draft(knobs: Knobs | null): void;
  /** The end of a gesture: what has changed goes into the text. */
  commit(): void;
  ask(question: PlanQuestion): void;
  cancel(id: number): void;
  dismiss(): void;
  /** Opens or closes a section, the table included. */
  toggle(section: string, isOpen: boolean): void;
}
