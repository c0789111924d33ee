/** Zoom and pan of a chart by pointer and wheel; the keyboard is `Plot`'s. */
import { panBy, within, zoomBy, type Range } from './range.ts';

/** What gestures work on. Pixels are those of the frame, from its left edge. */
export interface GestureTarget {
  frame: HTMLElement;
  /** The drawn epochs, and where they are. */
  drawn(): Range & { left: number; right: number };
  lastEpoch(): number;
  /** The narrowest range, epochs. */
  least(): number;
  zoom(range: Range | null): void;
}

/** Fewer pixels are a click and no selection. */
const LEAST_DRAG = 5;
/** How much a notch of the wheel (100 pixels) narrows the range. */
const WHEEL = 0.0022;

/** Ctrl and wheel zoom about the pointer; dragging selects a range, with Shift it moves the range; a double click shows everything. */
export function addGestures(target: GestureTarget): void {
  const { frame } = target;
  const selection = document.createElement('div');
  selection.className = 'selection';
  selection.hidden = true;
  frame.append(selection);
  let drag: { startX: number; x: number; pans: boolean; moved: boolean } | null = null;

  const epochAt = (x: number): number => {
    const { from, to, left, right } = target.drawn();
    return from + ((Math.min(right, Math.max(left, x)) - left) / (right - left)) * (to - from);
  };
  const xOf = (event: MouseEvent): number => event.clientX - frame.getBoundingClientRect().left;
  const pan = (pixels: number): void => {
    const drawn = target.drawn();
    target.zoom(panBy(drawn, pixels / (drawn.right - drawn.left), target.lastEpoch()));
  };
  const isWhole = (): boolean => {
    const { from, to } = target.drawn();
    return to - from >= target.lastEpoch();
  };
  const end = (): void => {
    drag = null;
    selection.hidden = true;
  };

  frame.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        target.zoom(zoomBy(target.drawn(), Math.exp(event.deltaY * WHEEL), epochAt(xOf(event)), target.lastEpoch(), target.least()));
        return;
      }
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (isWhole() || Math.abs(sideways) <= (event.shiftKey ? 0 : Math.abs(event.deltaY))) return;
      event.preventDefault();
      pan(sideways);
    },
    { passive: false },
  );
  frame.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    frame.setPointerCapture(event.pointerId);
    drag = { startX: xOf(event), x: xOf(event), pans: event.shiftKey && !isWhole(), moved: false };
  });
  frame.addEventListener('pointermove', (event) => {
    if (drag === null) return;
    const x = xOf(event);
    drag.moved ||= Math.abs(x - drag.startX) >= LEAST_DRAG;
    if (drag.pans) pan(drag.x - x);
    else if (drag.moved) drawSelection(drag.startX, x);
    drag.x = x;
  });
  frame.addEventListener('pointerup', () => {
    const done = drag;
    end();
    if (done === null || done.pans || !done.moved) return;
    const [from, to] = [epochAt(done.startX), epochAt(done.x)].sort((a, b) => a - b);
    target.zoom(within({ from, to }, target.lastEpoch(), target.least()));
  });
  frame.addEventListener('pointercancel', end);
  frame.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') end();
  });
  frame.addEventListener('dblclick', () => target.zoom(null));

  function drawSelection(a: number, b: number): void {
    const { left, right } = target.drawn();
    const [from, to] = [a, b].map((x) => Math.min(right, Math.max(left, x))).sort((first, second) => first - second);
    selection.style.setProperty('left', `${from}px`);
    selection.style.setProperty('width', `${to - from}px`);
    selection.hidden = false;
  }
}
