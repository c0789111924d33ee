/** Pictures of the checkpoint inspector: `node test/webview/harness/checkpoint-scenes.ts <folder> [name part]`. */
import type { ToView } from '../../../src/protocol/checkpoint-messages.ts';
import { takeScenes, type Scene } from './scenes.ts';
import { differencesOf, filtersOf, manyTensors, residualNetwork, snapshot, statisticsOf } from './simulated-checkpoint.ts';

const one = residualNetwork();
const [a, b] = [residualNetwork('member-1'), residualNetwork('member-4', 1)];
b.tensors = b.tensors.map((tensor) => (tensor.name === 'fc.bias' ? { ...tensor, shape: [100], sizeBytes: 400 } : tensor)).filter(({ name }) => name !== 'bn1.num_batches_tracked');
b.tensors.push({ name: 'head.scale', dtype: 'F32', shape: [1], sizeBytes: 4, start: 0 });

const scenes: Scene<ToView>[] = [
  { name: 'opened', messages: [snapshot({ kind: 'one', checkpoint: one })] },
  { name: 'measured', messages: [snapshot({ kind: 'one', checkpoint: one }, { statistics: statisticsOf(one.tensors), filters: [filtersOf('conv1.weight')] })] },
  { name: 'measuring', messages: [snapshot({ kind: 'one', checkpoint: manyTensors(10_000) }, { tasks: [{ id: 1, question: { kind: 'statistics', names: null }, fraction: 0.42, message: 'model.layers.41.experts.7.weight' }] })] },
  { name: 'diff', messages: [snapshot({ kind: 'two', a, b }, { differences: differencesOf(a, b) })] },
  { name: 'structure', messages: [snapshot({ kind: 'two', a, b }, { tasks: [{ id: 1, question: { kind: 'differences' }, fraction: 0.3, message: 'layer3.0.conv1.weight' }] })] },
  { name: 'restricted', messages: [snapshot({ kind: 'one', checkpoint: one }, { trusted: false })] },
  { name: 'broken', messages: [snapshot({ kind: 'broken', path: '/models/torn.safetensors', error: { code: 'file-invalid', message: '/models/torn.safetensors: not a whole safetensors file: tensor fc.weight starts at byte 44982, not 44730', hint: 'The file is torn or of another kind. Copy or make it again.' } })] },
];
await takeScenes('checkpoint', scenes);
