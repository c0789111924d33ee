/** Handles of the picture: dragged by pointer, stepped by arrow keys; one gesture is one edit. */
import { t } from '@vscode/l10n';
import { nothing, svg, type TemplateResult } from 'lit';
import { seriesOf } from '../../look/palette.ts';
import { count, rate } from '../../words/figures.ts';
import { memberName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import { cycleEpochs, knobsAt, knobsStepped } from '../knobs.ts';
import type { Handle, Picture, Scale } from '../picture.ts';
import type { Drawn, Knobs, Span } from '../schedule.ts';

/** A hand that trembles is no drag. */
const LEAST_MOVE = 3;
const PAGE = 5;
/** Pixels between two ends below which what is written at them would meet. */
const NARROW = 84;

interface Grab {
  name: string;
  x: number;
  y: number;
  moved: boolean;
}
let grab: Grab | null = null;

/** All numbers of the cycles in a sentence. */
export function valueText({ learningRate, epochs, lrRatio, epochRatio }: Knobs): string {
  const first = t('Learning rate {0}, {1} epochs', rate(learningRate), count(epochs));
  if (lrRatio === null || epochRatio === null) return first;
  return `${first}. ${t('Cycles: learning rate {0}, {1} epochs', rate(lrRatio * learningRate), count(cycleEpochs({ learningRate, epochs, lrRatio, epochRatio })))}`;
}

export function handleView(handle: Handle, { knobs }: Drawn, spans: readonly Span[], picture: Picture, scale: Scale, actions: Actions): TemplateResult {
  const { kind, index, x, y, isMain } = handle;
  const name = `${kind}-${index}`;
  const span = spans[index];
  const placeOf = (event: PointerEvent): { epoch: number; rate: number } => {
    const box = (event.currentTarget as SVGElement).ownerSVGElement!.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    return {
      epoch: ((px - picture.left) / (picture.right - picture.left)) * scale.epochs,
      rate: (Math.max(0, picture.bottom - py) / (picture.bottom - picture.top)) * scale.rate,
    };
  };
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
    grab = { name, x: event.clientX, y: event.clientY, moved: false };
  };
  const onMove = (event: PointerEvent): void => {
    if (grab?.name !== name) return;
    grab.moved ||= Math.hypot(event.clientX - grab.x, event.clientY - grab.y) >= LEAST_MOVE;
    if (grab.moved) actions.draft(knobsAt(knobs, kind, span, spans, placeOf(event)));
  };
  const onUp = (): void => {
    if (grab?.name !== name) return;
    const { moved } = grab;
    grab = null;
    if (moved) actions.commit();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      grab = null;
      return actions.draft(null);
    }
    const [direction, size] = stepOf(event.key);
    if (direction === 0) return;
    event.preventDefault();
    actions.draft(knobsStepped(knobs, kind, index, direction, size));
  };
  const value = kind === 'end' ? t('{0} epochs', count(index === 0 ? knobs.epochs : cycleEpochs(knobs))) : index === 0 ? rate(knobs.learningRate) : t('{0} (× {1})', rate(span.member.learningRate), rate(knobs.lrRatio ?? 1));
  const at = writtenAt(handle, picture);
  return svg`<g
      class="handle ${kind} series-${seriesOf(index)} ${grab?.name === name ? 'grabbed' : ''}" data-handle=${name} transform="translate(${x.toFixed(1)} ${y.toFixed(1)})"
      role=${isMain ? 'slider' : nothing} tabindex=${isMain ? 0 : nothing} aria-hidden=${isMain ? nothing : 'true'}
      aria-label=${isMain ? labelOf(handle) : nothing} aria-orientation=${isMain ? (kind === 'peak' ? 'vertical' : 'horizontal') : nothing}
      aria-valuenow=${isMain ? (kind === 'end' ? (index === 0 ? knobs.epochs : cycleEpochs(knobs)) : span.member.learningRate) : nothing}
      aria-valuemin=${isMain ? (kind === 'end' ? 1 : 0) : nothing} aria-valuemax=${isMain ? (kind === 'end' ? 100000 : 1000) : nothing} aria-valuetext=${isMain ? value : nothing}
      @pointerdown=${onDown} @pointermove=${onMove} @pointerup=${onUp} @pointercancel=${onUp}
      @keydown=${isMain ? onKey : nothing} @keyup=${isMain ? () => actions.commit() : nothing} @blur=${isMain ? () => actions.commit() : nothing}>
      <rect class="reach" x="-14" y="-14" width="28" height="28" />
      <circle class="ring" r="11" />
      ${kind === 'peak' ? svg`<circle class="knob" r="6" /><path class="arrows" d="M-3 -10.5L0 -14L3 -10.5M-3 10.5L0 14L3 10.5" />` : svg`<path class="knob" d="M0 -7.5L7.5 0L0 7.5L-7.5 0Z" /><path class="arrows" d="M-11 -3L-14.5 0L-11 3M11 -3L14.5 0L11 3" />`}
      ${isMain ? svg`<text class="value" x=${at.x} y=${at.y} text-anchor=${at.anchor}>${value}</text>` : nothing}
    </g>`;
}

/** Where a handle's value is written, from its middle; where ends are close, of member 1 to the left and of the cycles to the right. */
function writtenAt({ kind, index }: Handle, { lanes }: Picture): { x: number; y: number; anchor: 'start' | 'middle' | 'end' } {
  const isNarrow = lanes.length > 1 && lanes[1].x2 - lanes[0].x2 < NARROW;
  if (isNarrow) return { x: index === 0 ? 8 : -8, y: kind === 'peak' ? -20 : -16, anchor: index === 0 ? 'end' : 'start' };
  return kind === 'peak' ? { x: 14, y: -8, anchor: 'start' } : { x: 0, y: -16, anchor: 'middle' };
}

function labelOf({ kind, index }: Handle): string {
  if (index === 0) return kind === 'peak' ? t('Learning rate of member 1') : t('Epochs of member 1');
  return kind === 'peak' ? t('Learning rate of the cycles, from {0} on', memberName(`member-${index + 1}`)) : t('Epochs of the cycles, from {0} on', memberName(`member-${index + 1}`));
}

function stepOf(key: string): [direction: 1 | -1 | 0, size: number] {
  switch (key) {
    case 'ArrowUp':
    case 'ArrowRight':
      return [1, 1];
    case 'ArrowDown':
    case 'ArrowLeft':
      return [-1, 1];
    case 'PageUp':
      return [1, PAGE];
    case 'PageDown':
      return [-1, PAGE];
    default:
      return [0, 0];
  }
}
