/** Pictures of the comparison of runs: `node test/webview/harness/compare-scenes.ts <folder> [name part]`. */
import type { ToView } from '../../../src/protocol/compare-messages.ts';
import { takeScenes } from './scenes.ts';
import { comparison } from './simulated-comparison.ts';

await takeScenes<ToView>('compare', [{ name: 'study', messages: [comparison()] }]);
