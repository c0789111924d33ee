/** What a training step is as a graph, without loading it: its operations, counted. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { tracedStepper } from '../../src/backends/tensorflow/traced-stepper.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { freshSlots } from '../../src/core/optimizer.ts';
import { programOf, type OptimizerSettings } from '../../src/core/program.ts';
import { disposeState } from '../../src/core/state.ts';
import { weightsFrom } from '../../src/core/weights.ts';

const BATCH = 2;
/** Fields of protocol buffers that lead from SavedModel to a node: meta_graphs, graph_def, node; then its name and op. */
const PATH = [2, 2, 1];
const [NAME, OP] = [1, 2];
/** Known before the step. */
const GIVEN = new Set(['Const', 'Placeholder']);

/** How many operations the step's graph has, by kind. The order of magnitude of batch and image does not matter. */
export function stepOperations(name: BuiltinName, optimizer: OptimizerSettings, side = 16): Map<string, number> {
  const network = builtinNetwork(name, [side, side, 3], 10);
  const program = programOf(network, { optimizer });
  const state = { weights: weightsFrom(network, initialWeights(network, 1), name), slots: freshSlots(program) };
  const file = graphFile(() => tracedStepper(program, state, { steps: [BATCH], evaluations: [] }));
  disposeState(state);
  const counts = new Map<string, number>();
  for (const node of nested(file, PATH)) {
    const [place, op] = [NAME, OP].map((field) => nested(node, [field])[0].toString());
    if (place.startsWith(`step${BATCH}/`) && !GIVEN.has(op)) counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return counts;
}

class NotLoaded extends Error {}

/** The file that would have been loaded. */
function graphFile(make: () => unknown): Buffer {
  const backend = tf.backend() as NodeJSKernelBackend;
  const { binding } = backend;
  let file: Buffer | null = null;
  const loadSavedModel = (folder: string): never => {
    const path = join(folder, 'saved_model.pb');
    if (existsSync(path)) file = readFileSync(path);
    throw new NotLoaded();
  };
  backend.binding = Object.create(binding, { loadSavedModel: { value: loadSavedModel } }) as typeof binding;
  try {
    make();
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
  } finally {
    backend.binding = binding;
  }
  if (file === null) throw new Error('no graph was written');
  return file;
}

/** The messages at the end of a path of fields. */
function nested(message: Buffer, [field, ...rest]: readonly number[]): Buffer[] {
  const found: Buffer[] = [];
  let place = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[place++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (place < message.length) {
    const tag = varint();
    const kind = tag & 7;
    const length = kind === 2 ? varint() : kind === 5 ? 4 : kind === 1 ? 8 : 0;
    if (kind === 0) varint();
    if (kind === 2 && tag >> 3 === field) found.push(message.subarray(place, place + length));
    place += length;
  }
  return rest.length === 0 ? found : found.flatMap((each) => nested(each, rest));
}
