/** What the user can do in the view; `main.ts` carries it out. */
import type { ChartFile, Question } from '../../src/protocol/messages.ts';
import type { ChoicesChange } from './landscape/choices.ts';
import type { ChartName, ToggleEvent } from './toggles.ts';

export interface Actions {
  ask(question: Question): void;
  /** Asks for a soup or an ensemble of the members chosen now, which may be later than what was drawn last. */
  combine(kind: 'soup' | 'ensemble'): void;
  cancel(id: number): void;
  dismiss(): void;
  toggle(event: ToggleEvent): void;
  /** In the landscape. */
  choose(change: ChoicesChange): void;
  /** Makes a file of a chart as it is drawn; the host asks where to. */
  saveChart(chart: ChartName, title: string, format: ChartFile['format']): void;
  openLog(log: string): void;
  /** The pointer or the focus is on a member, or on none. */
  hover(member: string | null): void;
}
