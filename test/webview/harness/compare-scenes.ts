/** Pictures of the comparison of runs: `node test/webview/harness/compare-scenes.ts <folder> [name part]`. */
import type { ToView } from '../../../src/protocol/compare-messages.ts';
import { takeScenes } from './scenes.ts';
import { comparison, manyRuns, youngRuns } from './simulated-comparison.ts';

await takeScenes<ToView>('compare', [
  { name: 'study', messages: [comparison()] },
  { name: 'many', messages: [comparison({}, manyRuns())] },
  { name: 'one', messages: [comparison({}, manyRuns().slice(1, 2))] },
  { name: 'young', messages: [comparison({}, youngRuns())] },
  { name: 'loss', messages: [comparison({}, manyRuns())], saved: { settings: { measure: 'loss', logLoss: true, zoom: { from: 15, to: 32 }, pinned: ['ensemble'], chosen: '/runs/2' } } },
  { name: 'tables', messages: [comparison({}, manyRuns())], saved: { settings: { curvesAsTable: true, sweepAsTable: true } } },
  { name: 'sweep', part: 'section:nth-of-type(3)', messages: [comparison()], saved: { settings: { sweep: 'study (20260301-120000-tune)' } } },
]);
