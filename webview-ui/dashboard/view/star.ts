/** The members as they come from one another, each with its state; a node is a button that makes its curves stand out. */
import { t } from '@vscode/l10n';
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { BasinSoFar, Threshold } from '../../../src/protocol/basin.ts';
import type { MemberStatus, MemberView, RunView } from '../../../src/protocol/run.ts';
import type { Actions } from '../actions.ts';
import { nats, percent } from '../../words/figures.ts';
import { memberName, methodName, numberOf, startName, statusName } from '../../words/naming.ts';
import { seriesOf } from '../../look/palette.ts';
import { highestBarrier, relationOf, type Relation } from '../landscape/relations.ts';
import { verdictSign } from '../landscape/verdict-sign.ts';
import { barrier, barrierWithUnit, verdictName } from '../landscape/words.ts';
import { layout, PRETRAINED, type Edge, type Node } from '../star-layout.ts';
import { memberProgress } from '../timing.ts';

/** What the drawing tells beside how members come from one another. */
export interface StarScene {
  basin: BasinSoFar | null;
  threshold: Threshold;
  highlighted: string | null;
  pinned: string | null;
}

export function star(run: RunView, scene: StarScene, actions: Actions): TemplateResult {
  const { highlighted } = scene;
  const picture = layout(run.members.map(({ member }) => member));
  const views = new Map(run.members.map((view, index) => [view.member.name, { view, index }]));
  const label = t('How the members of this {0} run come from one another', methodName(run.method).name);
  return html`<svg class="star" viewBox="0 0 ${picture.width} ${picture.height}" role="group" aria-label=${label}>
    ${picture.edges.map((edge) => {
      const to = views.get(edge.to)!;
      return edgeLine(edge, to.view.state.status, to.index, highlighted);
    })}
    ${picture.nodes.map((node) => {
      const found = views.get(node.name);
      return found === undefined ? startNode(node) : memberNode(node, found.view, found.index, run, scene, actions);
    })}
    ${picture.edges.map((edge) => edgeRelation(edge, scene))}
  </svg>`;
}

function edgeLine(edge: Edge, status: MemberStatus, index: number, highlighted: string | null): SVGTemplateResult {
  const faint = highlighted !== null && highlighted !== edge.to;
  const [ux, uy] = direction(edge);
  const head = `M${edge.x2} ${edge.y2}l${-7 * ux - 4 * uy} ${-7 * uy + 4 * ux}M${edge.x2} ${edge.y2}l${-7 * ux + 4 * uy} ${-7 * uy - 4 * ux}`;
  return svg`<g class="edge series-${seriesOf(index)} is-${status} ${faint ? 'faint' : ''}">
    <line x1=${edge.x1} y1=${edge.y1} x2=${edge.x2} y2=${edge.y2} /><path d=${head} />
  </g>`;
}

function direction({ x1, y1, x2, y2 }: Edge): [number, number] {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  return [(x2 - x1) / length, (y2 - y1) / length];
}

function startNode(node: Node): SVGTemplateResult {
  const { x, y, radius } = node;
  const side = radius * 0.86;
  return svg`<g class="start-node" transform="translate(${x} ${y})" role="img" aria-label=${startName(PRETRAINED)}>
    <title>${startName(PRETRAINED)}</title>
    <rect x=${-side} y=${-side} width=${2 * side} height=${2 * side} rx="6" />
    <text class="start-sign" text-anchor="middle" y="5">θ₀</text>
    ${radius < 18 || isHub(node) ? nothing : nodeLabel({ ...node, label: { x: 0, y: radius + 14, anchor: 'middle' } }, t('pre-trained'))}
  </g>`;
}

/** A hub has edges all around, so its label is inside. */
function isHub({ label, radius }: Node): boolean {
  return Math.hypot(label.x, label.y) < radius;
}

function nodeLabel({ label }: Node, text: string): SVGTemplateResult {
  return svg`<text class="node-label" aria-hidden="true" x=${label.x} y=${label.y} text-anchor=${label.anchor}>${text}</text>`;
}

function memberNode(node: Node, view: MemberView, index: number, run: RunView, { basin, threshold, highlighted, pinned }: StarScene, actions: Actions): SVGTemplateResult {
  const { name } = view.member;
  const { status, validationAccuracy } = view.state;
  const reached = memberProgress(view, run.stepsPerEpoch);
  const relation = basin === null || basin.reference === name || !basin.networks.includes(name) ? null : relationOf(basin, basin.reference, name, threshold);
  const label = [
    memberName(name),
    statusName(status),
    t('starts from {0}', startName(view.member.startsFrom)),
    ...(status === 'running' ? [percent(reached, 0)] : []),
    ...(validationAccuracy === null ? [] : [t('validation accuracy {0}', percent(validationAccuracy))]),
    ...(relation === null ? [] : relationWords(relation)),
  ].join(', ');
  const faint = highlighted !== null && highlighted !== name;
  const pin = (): void => actions.toggle({ type: 'pin', member: name });
  return svg`<g class="member ${faint ? 'faint' : ''}" transform="translate(${node.x} ${node.y})">
    <title>${label}</title>
    <g class="node series-${seriesOf(index)} is-${status} ${pinned === name ? 'pinned' : ''}" 
      role="button" tabindex="0" data-member=${name} aria-pressed=${pinned === name ? 'true' : 'false'} aria-label=${label}
      @click=${pin} @keydown=${(event: KeyboardEvent) => onKey(event, pin)}
      @pointerenter=${() => actions.hover(name)} @pointerleave=${() => actions.hover(null)} @focus=${() => actions.hover(name)} @blur=${() => actions.hover(null)}>
    <circle class="focus-ring" r=${node.radius + 6} />
    <circle class="disc" r=${node.radius} />
    <circle class="track" r=${node.radius} />
    ${reached > 0 ? svg`<circle class="reached" r=${node.radius} pathLength="100" stroke-dasharray="${100 * reached} 100" transform="rotate(-90)" />` : nothing}
    ${node.radius < 9 ? nothing : svg`<text class="node-number" aria-hidden="true" text-anchor="middle" y=${isHub(node) ? 1 : 5}>${numberOf(name)}</text>`}
    ${node.radius < 14 ? nothing : statusSign(status, node.radius)}
    </g>
    ${node.radius < 12 || validationAccuracy === null ? nothing : nodeLabel(node, percent(validationAccuracy))}
    ${node.radius < 12 || relation === null || relation.distance === null || isHub(node) ? nothing : secondLabel(node, relation)}
  </g>`;
}

/** Below the first: how far from the reference, and at what angle to the others. */
function secondLabel({ label }: Node, { distance, angle }: Relation): SVGTemplateResult {
  const text = `↔ ${nats(distance!, 1)}${angle === null ? '' : ` ∠ ${nats(angle, 0)}°`}`;
  const down = label.y < 0 ? -13 : 13;
  return svg`<text class="node-label second" aria-hidden="true" x=${label.x} y=${label.y + down} text-anchor=${label.anchor}>${text}</text>`;
}

function relationWords({ line, verdict, distance, angle }: Relation): string[] {
  return [
    t('barrier {0}', barrierWithUnit(highestBarrier(line, 'error'), 'error')),
    ...(verdict === null ? [] : [verdictName(verdict)]),
    ...(distance === null ? [] : [t('distance {0}', nats(distance, 2))]),
    ...(angle === null ? [] : [t('angle {0}°', nats(angle, 0))]),
  ];
}

/** In the middle of a line: the verdict's sign and the barrier of the error in points, once that line is measured. */
function edgeRelation(edge: Edge, { basin, threshold, highlighted }: StarScene): SVGTemplateResult | typeof nothing {
  const relation = basin === null || edge.from.startsWith(PRETRAINED) ? null : relationOf(basin, edge.from, edge.to, threshold);
  if (relation === null || relation.verdict === null || Math.hypot(edge.x2 - edge.x1, edge.y2 - edge.y1) < 26) return nothing;
  const [x, y] = [(edge.x1 + edge.x2) / 2, (edge.y1 + edge.y2) / 2];
  const [ux, uy] = direction(edge);
  const isSteep = Math.abs(uy) > 0.7;
  return svg`<g class="relation ${highlighted !== null && highlighted !== edge.to ? 'faint' : ''}" transform="translate(${x} ${y})" aria-hidden="true">
    <title>${[t('from {0} to {1}', memberName(edge.from), memberName(edge.to)), ...relationWords(relation)].join(', ')}</title>
    ${verdictSign(relation.verdict)}
    <text x=${isSteep ? 12 : 0} y=${isSteep ? 4 : ux * uy > 0 ? -11 : 20} text-anchor=${isSteep ? 'start' : 'middle'}>${barrier(highestBarrier(relation.line, 'error'), 'error')}</text>
  </g>`;
}

function onKey(event: KeyboardEvent, pin: () => void): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  pin();
}

/** Drawn within (-3.5, 3.5). */
const SIGNS: Partial<Record<MemberStatus, string>> = {
  done: 'M-3.2 0.3L-1 2.6L3.4 -2.4',
  failed: 'M-2.6 -2.6L2.6 2.6M-2.6 2.6L2.6 -2.6',
  stopped: 'M-1.5 -2.8V2.8M1.5 -2.8V2.8',
  interrupted: 'M0 -3.2V0.8M0 2.9V3',
};

function statusSign(status: MemberStatus, radius: number): SVGTemplateResult | typeof nothing {
  const path = SIGNS[status];
  if (path === undefined) return nothing;
  const at = radius * Math.SQRT1_2;
  return svg`<g class="sign" transform="translate(${at} ${-at})"><circle r="7" /><path d=${path} /></g>`;
}
