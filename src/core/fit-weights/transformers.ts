/** Checkpoints of vision transformers: timm's names are ours, torchvision's Swin is translated, tables are made to fit other image sizes. */
import type { Layer, NetworkSpec } from '../../protocol/network.ts';
import { floatsOf, floatTensor, type TensorData } from '../../protocol/tensor.ts';
import { layerShapes } from '../network.ts';
import { resampled } from './bicubic.ts';
import { resampledTable } from './relative-table.ts';

/** Numbers that follow from the window's size; old checkpoints hold them beside the weights. */
const BUFFERS = /\.(relative_position_index|attn_mask)$/;
const TABLE = 'relative_position_bias_table';

/** The checkpoint's tensors under the names of ours, with tables of the network's sizes; others as they are. @param tensors F32 */
export function transformerTensors(network: NetworkSpec, tensors: readonly TensorData[]): TensorData[] {
  const named = network.layers.some(({ kind }) => kind === 'window-attention') ? swinNames(tensors) : tensors;
  const resize = new Map(network.layers.flatMap((layer): [string, (tensor: TensorData) => TensorData][] => {
    if (layer.kind === 'position') return [[layer.parameter, positionTable(network, layer)]];
    if (layer.kind === 'window-attention') return [[`${layer.name}.${TABLE}`, relativeTable(layer)]];
    return [];
  }));
  return named.filter(({ name }) => !BUFFERS.test(name)).map((tensor) => (tensor.dtype === 'F32' ? (resize.get(tensor.name)?.(tensor) ?? tensor) : tensor));
}

/**
 * timm before 0.9 and the authors count the layer between two stages to the earlier one, and call the head `head`. torchvision
 * counts stages and the layers between them through, after the patch embedding.
 */
function swinNames(tensors: readonly TensorData[]): TensorData[] {
  const has = (name: string): boolean => tensors.some((tensor) => tensor.name === name);
  const rename = has('features.0.0.weight') ? fromTorchvision : has('head.weight') ? fromAuthors : null;
  return rename === null ? [...tensors] : tensors.map((tensor) => ({ ...tensor, name: rename(tensor.name) }));
}

/** layers.0.downsample.norm.weight -> layers.1.downsample.norm.weight */
function fromAuthors(name: string): string {
  return name.replace(/^layers\.(\d+)\.downsample\./, (_, stage: string) => `layers.${Number(stage) + 1}.downsample.`).replace(/^head\.(?!fc\.)/, 'head.fc.');
}

/** features.3.1.mlp.3.weight -> layers.1.blocks.1.mlp.fc2.weight; features.4.norm.weight -> layers.2.downsample.norm.weight */
function fromTorchvision(name: string): string {
  return name
    .replace(/^features\.0\.0\./, 'patch_embed.proj.')
    .replace(/^features\.0\.2\./, 'patch_embed.norm.')
    .replace(/^features\.([1357])\.(\d+)\./, (_, place: string, block: string) => `layers.${(Number(place) - 1) / 2}.blocks.${block}.`)
    .replace(/^features\.([246])\./, (_, place: string) => `layers.${Number(place) / 2}.downsample.`)
    .replace(/\.mlp\.0\./, '.mlp.fc1.')
    .replace(/\.mlp\.3\./, '.mlp.fc2.')
    .replace(/^head\./, 'head.fc.');
}

/**
 * The table of positions [1, class token + grid, channels] for another grid, bicubic, as timm's `resample_abs_pos_embed` does.
 * The checkpoint's grid is taken for square. What does not fit otherwise stays as it is.
 */
function positionTable(network: NetworkSpec, layer: Extract<Layer, { kind: 'position' }>): (tensor: TensorData) => TensorData {
  const shapes = layerShapes(network);
  const [count, channels] = shapes.get(layer.name)!;
  const cut = network.layers.find(({ kind }) => kind === 'tokens');
  const grid = cut === undefined ? null : shapes.get(cut.inputs[0])!.slice(0, 2);
  return (tensor) => {
    const before = grid === null ? 0 : count - grid[0] * grid[1]; // tokens that have no place in the grid
    const side = Math.sqrt((tensor.shape[1] ?? 0) - before);
    if (grid === null || tensor.shape.length !== 3 || tensor.shape[1] === count || tensor.shape[2] !== channels || !Number.isInteger(side) || side === 0) return tensor;
    const values = floatsOf(tensor);
    const table = new Float32Array(count * channels);
    table.set(values.subarray(0, before * channels));
    table.set(resampled(values.subarray(before * channels), [side, side, channels], grid), before * channels);
    return floatTensor(tensor.name, [1, count, channels], table);
  };
}

function relativeTable({ window, heads }: Extract<Layer, { kind: 'window-attention' }>): (tensor: TensorData) => TensorData {
  const wanted = 2 * window - 1;
  return (tensor) => {
    const side = Math.sqrt(tensor.shape[0]);
    if (tensor.shape.length !== 2 || tensor.shape[1] !== heads || side === wanted || side % 2 !== 1) return tensor;
    return floatTensor(tensor.name, [wanted * wanted, heads], resampledTable(floatsOf(tensor), heads, side, wanted));
  };
}
