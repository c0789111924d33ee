/** A Keras topology (Sequential, Functional, models inside models) as one flat list of calls of layers, in order of computation. */
import { StarsseError } from '../../protocol/errors.ts';
import { IMAGES } from '../../protocol/network.ts';
import { callsOf, endsOf, type TensorRef } from './calls.ts';
import { isRecord, listOf, recordOf, textOf, type Config } from './config-values.ts';
import { uniqueName } from './names.ts';

/** One call of a layer that is no model. */
export interface KerasNode {
  /** Unique, and a name of a layer here. */
  id: string;
  /** Names of the models it is inside of, the outermost left out, and of the layer. */
  path: string[];
  /** Group of its variables in model.weights.h5: layers/conv2d_1 */
  store: string;
  className: string;
  /** Where its class is from: keras.layers, or a package of somebody else's. Null in topologies of before. */
  module: string | null;
  registeredName: string | null;
  config: Config;
  /** Ids of the nodes before, or IMAGES. */
  inputs: string[];
  /** 0 for the first call; the others use the same weights. */
  call: number;
}

export interface KerasGraph {
  name: string;
  /** Without the batch; null where it is open. */
  inputShape: (number | null)[];
  nodes: KerasNode[];
  /** Id of the last. */
  output: string;
}

/** Topologies beyond this are no networks that anybody trains. */
const MOST_LAYERS = 10_000;
const MODELS = new Set(['Functional', 'Model', 'Sequential', 'LayersModel']);

/** @param model {class_name, config} @throws StarsseError file-invalid */
export function readTopology(model: unknown, what: string): KerasGraph {
  const walk: Walk = { what, nodes: [], names: new Set([IMAGES]) };
  const { class_name: className, config } = recordOf(model, `The topology of ${what}`);
  if (!MODELS.has(String(className))) {
    throw new StarsseError('file-invalid', `${what}: the model is a ${String(className)}, whose layers are not in the file`, { hint: 'Build it as a Sequential or Functional model.' });
  }
  const layers = layersOf(className, config, what);
  const inputShape = inputShapeOf(className, config, layers, what);
  const name = isRecord(config) && typeof config.name === 'string' ? config.name : 'model';
  const output = flatten(walk, { className, config, layers, path: [], store: '', input: IMAGES, call: 0, depth: 0 });
  return { name, inputShape, nodes: walk.nodes, output };
}

interface Walk {
  what: string;
  nodes: KerasNode[];
  names: Set<string>;
}

interface Model {
  className: unknown;
  config: unknown;
  layers: LayerEntry[];
  path: string[];
  store: string;
  /** What the model is called with. */
  input: string;
  call: number;
  depth: number;
}

interface LayerEntry {
  name: string;
  className: string;
  config: Config;
  module: string | null;
  registeredName: string | null;
  inboundNodes: unknown;
  /** conv2d_1 */
  store: string;
}

/** Adds the model's nodes. @returns the id of its output */
function flatten(walk: Walk, model: Model): string {
  if (model.depth > 20) throw new StarsseError('file-invalid', `${walk.what}: more than 20 models inside each other`);
  return model.className === 'Sequential' ? flattenSequential(walk, model) : flattenFunctional(walk, model);
}

function flattenSequential(walk: Walk, model: Model): string {
  return model.layers.reduce((input, layer) => call(walk, model, layer, [input], 0), model.input);
}

function flattenFunctional(walk: Walk, model: Model): string {
  const what = model.path.length === 0 ? walk.what : `${walk.what}: ${model.path.join('/')}`;
  const config = recordOf(model.config, what);
  const inputs = endsOf(config.input_layers, `${what}: input_layers`);
  const outputs = endsOf(config.output_layers, `${what}: output_layers`);
  if (inputs.length !== 1 || outputs.length !== 1) {
    throw new StarsseError('file-invalid', `${what}: the model has ${inputs.length} inputs and ${outputs.length} outputs; a classifier of images has one of each`);
  }
  const known = new Map([[keyOf(inputs[0]), model.input]]);
  let pending = model.layers
    .filter(({ name }) => name !== inputs[0].layer)
    .flatMap((layer) => callsOf(layer.inboundNodes, `${what}: ${layer.name}`).map((inputs, index) => ({ layer, inputs, index })));
  const first = firstCalls(model.layers, [...pending.flatMap(({ inputs }) => inputs), ...outputs]);
  while (pending.length > 0) {
    const waiting = pending.filter(({ layer, inputs, index }) => {
      const ids = inputs.map((ref) => known.get(keyOf(ref)));
      if (!ids.every((id) => id !== undefined)) return true;
      known.set(keyOf({ layer: layer.name, call: index + (first.get(layer.name) ?? 0), output: 0 }), call(walk, model, layer, ids, index));
      return false;
    });
    if (waiting.length === pending.length) {
      throw new StarsseError('file-invalid', `${what}: layers whose input no layer gives: ${waiting.slice(0, 5).map(({ layer }) => layer.name).join(', ')}`);
    }
    pending = waiting;
  }
  const output = known.get(keyOf(outputs[0]));
  if (output === undefined) throw new StarsseError('file-invalid', `${what}: no layer gives the output ${outputs[0].layer}`);
  return output;
}

/**
 * From which number the calls of a layer are counted. Keras 2 and TensorFlow.js count the making of an inner model as its call 0, of which
 * the topology says nothing; then some layer takes what a call past the last one gives.
 */
function firstCalls(layers: readonly LayerEntry[], refs: readonly TensorRef[]): Map<string, number> {
  const models = layers.filter(({ className }) => MODELS.has(className));
  return new Map(models.map(({ name, inboundNodes }) => {
    const calls = Array.isArray(inboundNodes) ? inboundNodes.length : 0;
    return [name, refs.some(({ layer, call }) => layer === name && call === calls) ? 1 : 0];
  }));
}

function call(walk: Walk, model: Model, layer: LayerEntry, inputs: string[], index: number): string {
  if (layer.className === 'InputLayer') return inputs[0];
  const path = [...model.path, layer.name];
  const store = model.store + layer.store;
  const calls = model.call + index;
  if (MODELS.has(layer.className)) {
    if (inputs.length !== 1) throw new StarsseError('file-invalid', `${walk.what}: the model ${path.join('/')} takes ${inputs.length} inputs`);
    const layers = layersOf(layer.className, layer.config, `${walk.what}: ${path.join('/')}`);
    return flatten(walk, { className: layer.className, config: layer.config, layers, path, store: `${store}/`, input: inputs[0], call: calls, depth: model.depth + 1 });
  }
  if (walk.nodes.length >= MOST_LAYERS) throw new StarsseError('file-invalid', `${walk.what}: more than ${MOST_LAYERS} layers`);
  const id = uniqueName(path.join('/'), walk.names);
  const { className, config, module, registeredName } = layer;
  walk.nodes.push({ id, path, store, className, module, registeredName, config, inputs, call: calls });
  return id;
}

function keyOf({ layer, call, output }: TensorRef): string {
  return JSON.stringify([layer, call, output]);
}

/** The layers of a model, each with the name of its group in model.weights.h5: its class, counted. */
function layersOf(className: unknown, config: unknown, what: string): LayerEntry[] {
  // Before 2.2 the configuration of a Sequential model was the list itself.
  const list = Array.isArray(config) ? config : listOf(recordOf(config, what).layers, `${what}: layers`);
  if (list.length > MOST_LAYERS) throw new StarsseError('file-invalid', `${what}: more than ${MOST_LAYERS} layers`);
  const counts = new Map<string, number>();
  return list.map((item): LayerEntry => {
    const entry = recordOf(item, `a layer of ${what}`);
    const layerClass = textOf(entry.class_name, `class_name of a layer of ${what}`);
    const layerConfig = Array.isArray(entry.config) ? { layers: entry.config } : recordOf(entry.config, `config of a ${layerClass} of ${what}`);
    const name = textOf(entry.name ?? layerConfig.name ?? layerClass, `name of a ${layerClass} of ${what}`);
    const module = typeof entry.module === 'string' ? entry.module : null;
    const group = snakeCase(layerClass);
    // Operations such as x + y stand among the layers, but have no group.
    const count = counts.get(group) ?? 0;
    if (module === null || !module.includes('.ops')) counts.set(group, count + 1);
    return {
      name, className: layerClass, config: layerConfig, module, registeredName: typeof entry.registered_name === 'string' ? entry.registered_name : null,
      inboundNodes: entry.inbound_nodes ?? [], store: `layers/${count === 0 ? group : `${group}_${count}`}`,
    };
  });
}

/** BatchNormalization -> batch_normalization, as Keras names groups. */
function snakeCase(name: string): string {
  return name.replaceAll(/\W+/g, '').replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2').replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
}

function inputShapeOf(className: unknown, config: unknown, layers: LayerEntry[], what: string): (number | null)[] {
  const first = className === 'Sequential' ? layers[0] : layers.find(({ name }) => name === endsOf(recordOf(config, what).input_layers, `${what}: input_layers`)[0]?.layer);
  if (first === undefined) throw new StarsseError('file-invalid', `${what}: the model has no input`);
  if (MODELS.has(first.className)) {
    return inputShapeOf(first.className, first.config, layersOf(first.className, first.config, what), what);
  }
  const shape = first.config.batch_shape ?? first.config.batch_input_shape ?? (isRecord(config) ? config.build_input_shape : undefined);
  return listOf(shape, `${what}: the shape of the input`)
    .slice(1)
    .map((length) => (typeof length === 'number' && Number.isSafeInteger(length) && length > 0 ? length : null));
}
