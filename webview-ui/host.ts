/** The editor behind a view: where its messages go, and what a reload gives back. */

export interface Host<Message, Saved> {
  post(message: Message): void;
  /** What an earlier view of this panel left; it may be of another version. */
  saved(): unknown;
  save(state: Saved): void;
}

declare function acquireVsCodeApi(): { postMessage(message: unknown): void; getState(): unknown; setState(state: unknown): void };

/** VS Code gives its interface once a page. */
export function connect<Message, Saved>(): Host<Message, Saved> {
  const editor = acquireVsCodeApi();
  return { post: (message) => editor.postMessage(message), saved: () => editor.getState(), save: (state) => editor.setState(state) };
}

/** However often the result is called, `draw` runs once a frame, and not at all while nobody sees it. */
export function oncePerFrame(draw: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      draw();
    });
  };
}

/** Texts for those who hear the page. @param after the element behind which the region is put. */
export function announcer(after: HTMLElement): (text: string) => void {
  const region = document.createElement('div');
  region.className = 'unseen';
  region.setAttribute('aria-live', 'polite');
  after.after(region);
  return (text) => {
    if (text !== '') region.textContent = text;
  };
}
