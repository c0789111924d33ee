/** TensorFlow.js layers models: model.json (topology, manifest of weights) and shards beside it. */
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { networkFromKeras, type KerasNetwork, type WantedNetwork } from '../../../core/keras/network-from-keras.ts';
import { readTopology } from '../../../core/keras/topology.ts';
import { weightsByName } from '../../../core/keras/weights-by-name.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { parse } from '../../../protocol/parse.ts';
import { assertInside } from '../../folder.ts';
import { diskBytes, tensorOfShard } from './shard-tensor.ts';
import { parseModelJson } from './model-json.ts';

const MOST_JSON_BYTES = 200_000_000;

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const WeightSchema = v.object({
  name: v.string(),
  shape: v.array(size),
  dtype: v.string(),
  quantization: v.optional(v.object({ dtype: v.string(), min: v.optional(v.number()), scale: v.optional(v.number()) })),
});
export type ShardWeight = v.InferOutput<typeof WeightSchema>;
const ModelSchema = v.object({
  format: v.optional(v.nullable(v.string())),
  modelTopology: v.optional(v.unknown()),
  weightsManifest: v.optional(v.array(v.object({ paths: v.array(v.string()), weights: v.array(WeightSchema) })), []),
});
export type WeightGroup = v.InferOutput<typeof ModelSchema>['weightsManifest'][number];

/** @returns also the files that were read, model.json first @throws StarsseError file-missing, file-invalid, mismatch */
export async function readTfjsModel(file: string, wanted: WantedNetwork): Promise<KerasNetwork & { files: string[] }> {
  const { format, modelTopology, weightsManifest } = await readModelJson(file);
  const topology = topologyOf(modelTopology);
  if (format === 'graph-model' || topology === null) {
    throw new StarsseError('file-invalid', `${file} is no layers model of TensorFlow.js${format === 'graph-model' ? ' but a graph model, whose operations cannot be trained' : ''}`, {
      hint: 'Convert the Keras model with --output_format tfjs_layers_model, or save it as .keras.',
    });
  }
  const graph = readTopology(topology, file);
  const files = [file];
  const tensors = new Map<string, { weight: ShardWeight; bytes: Uint8Array }>();
  for (const group of weightsManifest) {
    const { shards, bytes } = await readGroup(group, file);
    files.push(...shards);
    let start = 0;
    for (const weight of group.weights) {
      const end = start + diskBytes(weight, file);
      tensors.set(weight.name, { weight, bytes: bytes.subarray(start, end) });
      start = end;
    }
  }
  const read = (name: string) => tensorOfShard(tensors.get(name)!.weight, tensors.get(name)!.bytes, file);
  return { ...networkFromKeras(graph, weightsByName([...tensors.keys()], read, file), wanted, file), files };
}

/** model.json, checked; its shards are not looked at. @throws StarsseError file-missing, file-invalid */
export async function readModelJson(file: string): Promise<v.InferOutput<typeof ModelSchema>> {
  return parse(ModelSchema, parseModelJson(await readText(file), file), file);
}

/** {class_name, config}, which converters put into model_config. Null where there is none. */
function topologyOf(topology: unknown): unknown {
  if (typeof topology !== 'object' || topology === null) return null;
  if ('model_config' in topology) return topology.model_config;
  return 'class_name' in topology ? topology : null;
}

/** The files of a group and their bytes; together they are as long as its weights. @throws StarsseError file-missing, file-invalid */
export async function shardsOf({ paths, weights }: WeightGroup, file: string): Promise<{ shards: string[]; sizes: number[] }> {
  const shards = await Promise.all(paths.map((shard) => shardFile(shard, file)));
  const sizes = await Promise.all(shards.map(async (shard) => (await stat(shard)).size));
  const found = sizes.reduce((a, b) => a + b, 0);
  const declared = weights.reduce((sum, weight) => sum + diskBytes(weight, file), 0);
  if (declared !== found) {
    throw new StarsseError('file-invalid', `${file}: its weights take ${declared} bytes, ${paths.join(', ')} ${paths.length === 1 ? 'has' : 'have'} ${found}`, { hint: 'A shard is torn or of another model. Copy the model again.' });
  }
  return { shards, sizes };
}

/** The shards of a group as one; sizes are compared before anything is read. */
async function readGroup(group: WeightGroup, file: string): Promise<{ shards: string[]; bytes: Uint8Array }> {
  const { shards, sizes } = await shardsOf(group, file);
  const bytes = new Uint8Array(sizes.reduce((a, b) => a + b, 0));
  let start = 0;
  for (const [index, shard] of shards.entries()) {
    const handle = await open(shard, 'r');
    try {
      const end = start + sizes[index];
      while (start < end) {
        const { bytesRead } = await handle.read(bytes, start, end - start);
        if (bytesRead === 0) throw new StarsseError('file-invalid', `${shard} ended while it was being read`);
        start += bytesRead;
      }
    } finally {
      await handle.close();
    }
  }
  return { shards, bytes };
}

/** A shard lies in the folder of model.json or below it. */
async function shardFile(shard: string, file: string): Promise<string> {
  const folder = path.dirname(path.resolve(file));
  const whole = path.resolve(folder, shard);
  if (shard === '' || path.isAbsolute(shard) || /^[a-z]+:/i.test(shard) || !whole.startsWith(folder + path.sep)) {
    throw new StarsseError('file-invalid', `${file}: the shard "${shard}" is not in the folder of the model`, { hint: 'Put model.json and its shards into one folder.' });
  }
  try {
    await assertInside(folder, whole);
    if (!(await stat(whole)).isFile()) throw new StarsseError('file-invalid', `${whole} is no file`);
  } catch (cause) {
    if (cause instanceof StarsseError) throw cause;
    throw new StarsseError('file-missing', `${whole} is missing: ${file} needs it`, { cause, hint: 'Copy all shards of the model.' });
  }
  return whole;
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MOST_JSON_BYTES) throw new StarsseError('file-invalid', `${file}: ${size} bytes are no model.json`);
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof StarsseError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new StarsseError('file-missing', `${file} is missing`, { cause, hint: 'Check the path.' });
    throw new StarsseError('file-invalid', `${file} cannot be read: ${message}`, { cause });
  }
}
