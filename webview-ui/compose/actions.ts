/** What the user can do in Compose; `main.ts` carries it out. */
import type { ComposeQuestion } from '../../src/protocol/compose-messages.ts';
import type { Choice } from './choice.ts';

export interface Actions {
  ask(question: ComposeQuestion): void;
  /** Asks for the soup or the ensemble of what is chosen now, which may be later than what was drawn last. */
  make(): void;
  /** Asks the gate, or for the line of WiSE-FT. */
  look(): void;
  cancel(id: number): void;
  dismiss(): void;
  choose(change: Partial<Choice>): void;
  toggle(key: string): void;
  open(name: string | null): void;
}
