/** Checkpoints as the inspector is given them: a residual network, and one of as many tensors as are asked for. */
import { HISTOGRAM_BINS, type FilterImages, type TensorDifference, type TensorItem, type TensorStatistics } from '../../../src/protocol/checkpoint.ts';
import type { CheckpointView, Subject, ToView } from '../../../src/protocol/checkpoint-messages.ts';

type Snapshot = Extract<ToView, { type: 'snapshot' }>;

export function residualNetwork(name = 'soup-greedy-1', seed = 0): CheckpointView {
  const shapes: [string, number[], string?][] = [['conv1.weight', [32, 3, 7, 7]], ...norm('bn1', 32)];
  for (const [stage, width] of [[1, 32], [2, 64], [3, 128], [4, 256]]) {
    for (const block of [0, 1]) {
      const path = `layer${stage}.${block}`;
      const before = block === 0 && stage > 1 ? width / 2 : width;
      shapes.push([`${path}.conv1.weight`, [width, before, 3, 3]], ...norm(`${path}.bn1`, width), [`${path}.conv2.weight`, [width, width, 3, 3]], ...norm(`${path}.bn2`, width));
      if (before !== width) shapes.push([`${path}.downsample.0.weight`, [width, before, 1, 1]], ...norm(`${path}.downsample.1`, width));
    }
  }
  shapes.push(['fc.weight', [10, 256], seed === 0 ? 'F32' : 'BF16'], ['fc.bias', [10]]);
  return checkpoint(name, shapes);
}

export function manyTensors(count: number): CheckpointView {
  return checkpoint('mixture-of-experts', Array.from({ length: count }, (_, index) => [`model.layers.${Math.floor(index / 100)}.experts.${index % 100}.weight`, [64, 32], 'BF16']));
}

export function snapshot(subject: Subject, more: Partial<Snapshot> = {}): Snapshot {
  const files = subject.kind === 'one' ? [subject.checkpoint.path] : subject.kind === 'two' ? [subject.a.path, subject.b.path] : [subject.path];
  return { type: 'snapshot', files, subject, statistics: [], filters: [], differences: null, trusted: true, tasks: [], texts: {}, ...more };
}

/** Bell-shaped, as those of weights are; a batch norm's scales lie around one. */
export function statisticsOf(tensors: readonly TensorItem[]): TensorStatistics[] {
  return tensors.map(({ name, shape }, index) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const deviation = name.includes('conv') || name.includes('fc') ? Math.sqrt(2 / (count / shape[0] || 1)) : 0.12;
    const mean = /(bn\d|downsample\.1)\.(weight|running_var)/.test(name) ? 1 : 0.01 * Math.sin(index);
    const [min, max] = [mean - deviation * (3 + 0.4 * Math.sin(index)), mean + deviation * (3.1 + 0.3 * Math.cos(index))];
    const histogram = Array.from({ length: HISTOGRAM_BINS }, (_, bin) => {
      const place = min + ((max - min) * (bin + 0.5)) / HISTOGRAM_BINS;
      return Math.round(((count * (max - min)) / HISTOGRAM_BINS / deviation / 2.507) * Math.exp(-((place - mean) ** 2) / (2 * deviation ** 2)) * (1 + 0.08 * Math.sin(7 * bin)));
    });
    return { name, count, min, max, mean, deviation, norm: Math.sqrt(count * (mean ** 2 + deviation ** 2)), zeros: index % 9 === 4 ? Math.floor(count / 20) : 0, nan: name === 'layer3.1.bn2.bias' ? 3 : 0, infinite: 0, histogram };
  });
}

/** What changed most is what lies latest, and batch norms more than convolutions. */
export function differencesOf(a: CheckpointView, b: CheckpointView): TensorDifference[] {
  const others = new Map(b.tensors.map((tensor) => [tensor.name, tensor]));
  const shared = a.tensors.filter(({ name, shape }) => others.get(name)?.shape.join() === shape.join());
  return shared.map(({ name, shape }, index) => {
    const count = shape.reduce((x, y) => x * y, 1);
    const normA = Math.sqrt(count) * 0.12;
    const relative = (0.02 + 0.3 * (index / shared.length) ** 2) * (name.includes('bn') || name.includes('downsample.1') ? 1.25 : 0.8) * (1 + 0.35 * Math.sin(5 * index));
    const distance = name === 'bn1.num_batches_tracked' ? 0 : relative * normA;
    return { name, count, distance, largest: (distance / Math.sqrt(count)) * 3.2, normA, normB: normA * (1 + 0.02 * Math.sin(index)), dot: normA ** 2 * (1 - relative ** 2 / 2) };
  });
}

/** Edges and blobs of colour, as the first layer of a trained network has them. */
export function filtersOf(name: string, filters = 32, side = 7): FilterImages {
  const pixels = new Uint8Array(filters * side * side * 3);
  for (let filter = 0; filter < filters; filter++) {
    const [angle, wave, phase] = [(filter * 2.4) % Math.PI, 0.5 + (filter % 5) * 0.35, filter * 1.7];
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const [dx, dy] = [x - (side - 1) / 2, y - (side - 1) / 2];
        const value = Math.cos(wave * (dx * Math.cos(angle) + dy * Math.sin(angle)) + phase) * Math.exp(-(dx * dx + dy * dy) / 14);
        for (let channel = 0; channel < 3; channel++) {
          const tint = filter % 3 === 0 ? Math.cos(phase + channel * 2.1) : 1;
          pixels[((filter * side + y) * side + x) * 3 + channel] = Math.round(127.5 * (1 + value * tint));
        }
      }
    }
  }
  const ends = Array.from({ length: filters }, (_, filter) => 0.2 + 0.01 * filter);
  return { name, filters, channels: 3, height: side, width: side, shown: filters, low: ends.map((end) => -end), high: ends, pixels: Buffer.from(pixels.buffer).toString('base64') };
}

function norm(path: string, width: number): [string, number[], string?][] {
  return [[`${path}.weight`, [width]], [`${path}.bias`, [width]], [`${path}.running_mean`, [width]], [`${path}.running_var`, [width]], [`${path}.num_batches_tracked`, [], 'I64']];
}

function checkpoint(name: string, shapes: [string, number[], string?][]): CheckpointView {
  let start = 4096;
  const tensors = shapes.map(([tensor, shape, dtype = 'F32']): TensorItem => {
    const sizeBytes = shape.reduce((a, b) => a * b, dtype === 'I64' ? 8 : dtype === 'BF16' ? 2 : 4);
    start += sizeBytes;
    return { name: tensor, dtype, shape, sizeBytes, start: start - sizeBytes };
  });
  const isMember = name.startsWith('member');
  return {
    kind: 'safetensors', path: `/runs/20260301-120000-star/snapshots/${name}.safetensors`, name: `${name}.safetensors`, sizeBytes: start, tensors,
    metadata: {
      format: 'pt', run: '20260301-120000-star', name, parents: isMember ? 'pretrained' : 'member-1,member-2,member-4', method: 'starsse', ...(isMember ? {} : { rule: 'greedy' }),
      metrics: '{"testAccuracy":0.8731,"testNll":0.4127}',
    },
    lineage: {
      run: { folder: '/runs/20260301-120000-star', name: 'Fashion-MNIST, StarSSE' },
      parents: isMember ? [{ name: 'pretrained', file: null }] : ['member-1', 'member-2', 'member-4'].map((parent) => ({ name: parent, file: `/runs/20260301-120000-star/snapshots/${parent}.safetensors` })),
    },
  };
}
