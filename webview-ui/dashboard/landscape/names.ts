/** What networks of the landscape are called, and the mark by which they are known. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { RunView } from '../../../src/protocol/run.ts';
import { icon, memberMark } from '../../look/icon.ts';
import { memberName, numberOf } from '../../words/naming.ts';
import { PRETRAINED } from './relations.ts';

export function networkName(network: string): string {
  if (network === PRETRAINED) return t('Pre-trained network');
  return network.startsWith('member-') ? memberName(network) : network;
}

/** Place of a member in the run, from 0; -1 of other networks. */
export function placeOf(run: RunView, network: string): number {
  return run.members.findIndex(({ member }) => member.name === network);
}

/** The mark alone, before the name. */
export function networkMark(run: RunView, network: string): TemplateResult {
  const place = placeOf(run, network);
  return place >= 0 ? memberMark(place) : networkSign(run, network);
}

/** Mark and number, for the head of a row or column. */
export function networkSign(run: RunView, network: string): TemplateResult {
  const place = placeOf(run, network);
  if (place >= 0) return html`${memberMark(place)} <span aria-hidden="true">${numberOf(network)}</span>`;
  return network === PRETRAINED ? html`<span class="theta" aria-hidden="true">θ₀</span>` : icon('combine');
}

export function pairName(a: string, b: string): string {
  return t('{0} and {1}', networkName(a), networkName(b));
}
