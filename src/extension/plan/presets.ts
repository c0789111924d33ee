/**
 * Methods to begin with. The ratios are among those that the authors try: lrRatio 0.25 ... 4, epochRatio 0.5 ... 4, K = 5
 * (arXiv 2303.03374).
 */
import type { PlanInput } from '../../protocol/plan.ts';

export const PRESETS = ['starsse', 'starsse-short', 'starsse-large', 'sse', 'fge', 'local-de', 'fine-tuning'] as const;
export type Preset = (typeof PRESETS)[number];

const MEMBERS = 5;

export function methodOf(preset: Preset): PlanInput['method'] {
  switch (preset) {
    case 'starsse':
      return { kind: 'starsse', members: MEMBERS, cycle: { lrRatio: 1, epochRatio: 1 } };
    case 'starsse-short':
      return { kind: 'starsse', members: MEMBERS, cycle: { lrRatio: 0.5, epochRatio: 0.5 } };
    case 'starsse-large':
      return { kind: 'starsse', members: MEMBERS, cycle: { lrRatio: 4, epochRatio: 1 } };
    case 'sse':
      return { kind: 'sse', members: MEMBERS, cycle: { lrRatio: 1, epochRatio: 1 } };
    case 'fge':
      return { kind: 'fge', shape: 'chain', members: MEMBERS, cycle: { lrRatio: 1, epochRatio: 0.25 } };
    case 'local-de':
      return { kind: 'local-de', members: MEMBERS };
    case 'fine-tuning':
      return { kind: 'fine-tuning' };
  }
}
