/** Layers models of TensorFlow.js in folders, as its own converters and savers write them. */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';

export interface ModelJson {
  format?: string;
  modelTopology: unknown;
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string; quantization?: { dtype: string; min?: number; scale?: number } }[] }[];
}

/** Saves the model by the package's own means. @returns the path of model.json */
export async function saveModel(model: LayersModel, folder: string): Promise<{ file: string; json: ModelJson; weights: Uint8Array }> {
  let saved: io.ModelArtifacts | undefined;
  await model.save(io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return await Promise.resolve({ modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) });
  }));
  const weights = new Uint8Array(saved!.weightData as ArrayBuffer);
  const json: ModelJson = { format: 'layers-model', modelTopology: saved!.modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: saved!.weightSpecs as ModelJson['weightsManifest'][number]['weights'] }] };
  return { file: writeModel(folder, json, { 'weights.bin': weights }), json, weights };
}

export function writeModel(folder: string, json: unknown, shards: Record<string, Uint8Array>): string {
  const file = path.join(folder, 'model.json');
  writeFileSync(file, JSON.stringify(json));
  for (const [name, bytes] of Object.entries(shards)) writeFileSync(path.join(folder, name), bytes);
  return file;
}

/** By `tf.loadLayersModel`, from a folder. */
export async function loadModel(folder: string): Promise<LayersModel> {
  const json = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8')) as io.ModelJSON;
  return await loadLayersModel({
    load: async () =>
      await io.getModelArtifactsForJSON(json, async (manifest) => {
        const shards = await Promise.all(manifest.flatMap(({ paths }) => paths).map(async (name) => await readFile(path.join(folder, name))));
        const bytes = Buffer.concat(shards);
        return [manifest.flatMap(({ weights }) => weights), bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)];
      }),
  });
}
