/** Codicons and the marks of members. All are decoration: the words stand beside them. */
import { html, svg, type TemplateResult } from 'lit';
import type { MemberStatus, RunStatus } from '../../src/protocol/run.ts';
import { markerOf, seriesOf, type Marker } from './palette.ts';

export function icon(name: string, className = ''): TemplateResult {
  return html`<span class="codicon codicon-${name} ${className}" aria-hidden="true"></span>`;
}

const STATUS_ICONS: Record<RunStatus | MemberStatus, string> = {
  queued: 'circle-large-outline',
  running: 'sync',
  evaluating: 'beaker',
  done: 'pass-filled',
  stopped: 'debug-pause',
  failed: 'error',
  interrupted: 'warning',
};

export function statusIcon(status: RunStatus | MemberStatus): TemplateResult {
  return icon(STATUS_ICONS[status], status === 'running' ? 'turning' : '');
}

/** Outlines around (0, 0), about 10 across, alike in area. */
const MARKER_PATHS: Record<Marker, string> = {
  circle: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z',
  rectRot: 'M0 -5.6L5.6 0L0 5.6L-5.6 0Z',
  triangle: 'M0 -5.2L5.4 4.4L-5.4 4.4Z',
  rect: 'M-4.2 -4.2H4.2V4.2H-4.2Z',
  star: 'M-5 0H5M0 -5V5M-3.6 -3.6L3.6 3.6M-3.6 3.6L3.6 -3.6',
  crossRot: 'M-4 -4L4 4M-4 4L4 -4',
};

/** The form alone. @param index position in the run, from 0 */
export function markerPath(index: number): string {
  return MARKER_PATHS[markerOf(index)];
}

/** The colour and the form by which a member is known in every chart. @param index position in the run, from 0 */
export function memberMark(index: number): TemplateResult {
  return html`<svg class="mark series-${seriesOf(index)}" viewBox="-7 -7 14 14" aria-hidden="true">
    ${svg`<path d=${MARKER_PATHS[markerOf(index)]} />`}
  </svg>`;
}

/** Before the words of a button. */
export function slotted(name: string): TemplateResult {
  return html`<span slot="content-before" class="codicon codicon-${name}" aria-hidden="true"></span>`;
}
