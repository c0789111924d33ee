/** Members that are dropped from the Runs view. The editor hands a drag to a page only while Shift is held, and tells it no more than what kind of thing is dragged. */
import { RUNS_MIME } from '../../src/protocol/compose-messages.ts';

/** Marks `target` with the class "receiving" while a drop would be taken. */
export function takeDrops(target: HTMLElement, dropped: () => void): void {
  const isOurs = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes(RUNS_MIME) ?? false;
  const receive = (is: boolean): boolean => target.classList.toggle('receiving', is);
  for (const kind of ['dragenter', 'dragover'] as const) {
    window.addEventListener(kind, (event) => {
      if (!isOurs(event)) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = 'copy';
      receive(true);
    });
  }
  // Left for another element of the page, it is still over the page.
  window.addEventListener('dragleave', ({ relatedTarget }) => relatedTarget === null && receive(false));
  window.addEventListener('drop', (event) => {
    receive(false);
    if (!isOurs(event)) return;
    event.preventDefault();
    dropped();
  });
}
