/**
 * Functions of tensors as one TensorFlow graph: each is recorded once, op by op, and from then on is a single call. What
 * functions share and change lives in the graph as resource variables and comes out only when it is read.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tidy, zeros } from '@tensorflow/tfjs-core';
import { upload, type Pixels } from '../../../core/pixels.ts';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { adopt } from './adopt.ts';
import { fused } from './fuse.ts';
import { attrs, node, recordedAttr, savedModel, TAG } from './graph-def.ts';
import { nativeIds, record, type Recording } from './recording.ts';

/** What varies is the shape. */
type Shape = readonly number[];

export interface GraphFunction {
  /** Float32, or bytes as `UploadBytes` gives them. */
  inputs: readonly (Shape | { bytes: Shape })[];
  /**
   * Runs once, to be recorded, on numbers that mean nothing. A pure function: it must not read a tensor's numbers.
   * @returns what a call gives, and new values of variables by name. Without outputs a call waits for nothing that a GPU computes.
   */
  run(variables: ReadonlyMap<string, Tensor>, inputs: Tensor[]): { outputs: Tensor[]; updates: ReadonlyMap<string, Tensor> };
}

export interface CompiledGraph {
  /** The caller disposes the results. */
  call(name: string, inputs: readonly Tensor[]): Tensor[];
  /** New values of all variables. */
  write(variables: ReadonlyMap<string, Tensor>): void;
  /** Values of now, new tensors. Always ask for the same ones: another choice costs as much as a new function. */
  read(variables: readonly string[]): Tensor[];
  close(): void;
}

/** A graph on variables that start as `variables`, which stay the caller's. @throws Error for what cannot be recorded or loaded */
export function compileGraph(backend: NodeJSKernelBackend, variables: ReadonlyMap<string, Tensor>, functions: Readonly<Record<string, GraphFunction>>): CompiledGraph {
  const builder = new GraphBuilder(backend, variables);
  for (const [name, fn] of Object.entries(functions)) builder.add(name, fn);
  const session = loadGraph(backend, builder.nodes);
  const run = (inputs: readonly Tensor[], inputNames: readonly string[], outputNames: readonly string[]): Tensor[] =>
    backend.binding.runSavedModel(session, nativeIds(backend, inputs), inputNames.join(), outputNames.join()).map((output) => adopt(backend, output));
  const graph: CompiledGraph = {
    call(name, inputs) {
      const { inputNames, outputNames, started } = builder.signature(name);
      if (outputNames.length > 0) return run(inputs, inputNames, outputNames);
      run(inputs, inputNames, [started]).forEach((tensor) => tensor.dispose());
      return [];
    },
    write(values) {
      // In one call: TensorFlow prepares the graph anew for every other choice of inputs and outputs.
      const given = Array.from(variables.keys(), (name) => valueOf(values, name));
      run(given, given.map((_, place) => `given/${place}`), [EVERYTHING_TAKEN]).forEach((tensor) => tensor.dispose());
    },
    read: (names) => (names.length === 0 ? [] : run([], [], names.map((name) => `value/${builder.place(name)}`))),
    close: () => backend.binding.deleteSavedModel(session),
  };
  graph.write(variables);
  return graph;
}

/** A number that is there when all variables have their new values. */
const EVERYTHING_TAKEN = 'taken';

interface Signature {
  inputNames: string[];
  outputNames: string[];
  /** What is asked for where there are no outputs. */
  started: string;
}

class GraphBuilder {
  readonly nodes: Uint8Array[] = [];
  readonly #backend: NodeJSKernelBackend;
  readonly #variables: ReadonlyMap<string, Tensor>;
  readonly #places: ReadonlyMap<string, number>;
  readonly #signatures = new Map<string, Signature>();
  readonly #float: Uint8Array;

  constructor(backend: NodeJSKernelBackend, variables: ReadonlyMap<string, Tensor>) {
    this.#backend = backend;
    this.#variables = variables;
    this.#places = new Map([...variables.keys()].map((name, place) => [name, place]));
    this.#float = attrs.type(backend.binding.TF_FLOAT);
    for (const [name, { shape }] of variables) this.#addVariable(this.place(name), shape);
    this.#put(EVERYTHING_TAKEN, 'Const', Array.from(this.#places.values(), (place) => `^set/${place}`), {
      dtype: this.#float,
      value: attrs.tensor({ dtype: backend.binding.TF_FLOAT, shape: [], data: new Uint8Array(4) }),
    });
  }

  place(variable: string): number {
    const place = this.#places.get(variable);
    if (place === undefined) throw new Error(`the graph has no variable ${variable}`);
    return place;
  }

  signature(name: string): Signature {
    const signature = this.#signatures.get(name);
    if (signature === undefined) throw new Error(`the graph has no function ${name}`);
    return signature;
  }

  add(name: string, { inputs: shapes, run }: GraphFunction): void {
    const names = [...this.#variables.keys()];
    const inputs = shapes.map((input) => ('bytes' in input ? upload(noBytes(input.bytes)) : zeros([...input])));
    let made: { outputs: Tensor[]; updates: ReadonlyMap<string, Tensor> } = { outputs: [], updates: new Map() };
    let recording: Recording;
    try {
      const recorded = record(this.#backend, [...this.#variables.values(), ...inputs], () =>
        tidy(() => {
          made = run(this.#variables, inputs);
          return [...made.updates.values(), ...made.outputs];
        }),
      );
      recording = fused(recorded);
    } finally {
      for (const input of inputs) input.dispose();
    }
    // Where each native tensor comes from in the graph.
    const sources = new Map<number, string>();
    const inputNames = shapes.map((input, index) => {
      const [dtype, shape] = 'bytes' in input ? [attrs.type(this.#backend.binding.TF_UINT8), input.bytes] : [this.#float, input];
      return this.#put(`${name}/input${index}`, 'Placeholder', [], { dtype, shape: attrs.shape(shape) });
    });
    const givenNames = [...names.map((variable) => `value/${this.place(variable)}`), ...inputNames];
    for (const [index, id] of recording.inputs.entries()) {
      // A clone shares its numbers: what reads one of them could not be told from what reads the other.
      if (sources.has(id)) throw new Error(`${givenNames[index]} and ${sources.get(id)} of ${name} are one tensor`);
      sources.set(id, givenNames[index]);
    }
    for (const constant of recording.constants) {
      if (sources.has(constant.id)) continue;
      sources.set(constant.id, this.#put(`${name}/constant${constant.id}`, 'Const', [], { dtype: attrs.type(constant.dtype), value: attrs.tensor(constant) }));
    }
    const source = (id: number): string => {
      const found = sources.get(id);
      if (found === undefined) throw new Error(`${name} uses a tensor that it neither makes nor is given`);
      return found;
    };
    for (const [index, op] of recording.ops.entries()) {
      const attributes = Object.fromEntries(op.attrs.map((attr) => [attr.name, recordedAttr(this.#backend.binding, attr)]));
      const place = this.#put(`${name}/${index}`, op.name, op.inputs.map(source), attributes);
      for (const [output, id] of op.outputs.entries()) sources.set(id, output === 0 ? place : `${place}:${output}`);
    }
    const results = recording.outputs.map(source);
    const assigned = [...made.updates.keys()].map((variable, index) => this.#assign(`${name}/assign${index}`, this.place(variable), results[index]));
    // Whoever waits for an output waits for the variables too.
    const after = assigned.map((each) => `^${each}`);
    const outputNames = results.slice(assigned.length).map((result, index) => this.#put(`${name}/output${index}`, 'Identity', [result, ...after], { T: this.#float }));
    this.#signatures.set(name, { inputNames, outputNames, started: this.#started(name, after) });
  }

  /** Something to ask for that lies with the processor, also on a GPU, where whole numbers of 32 bits always do: it is there when all is issued. */
  #started(name: string, after: readonly string[]): string {
    const dtype = attrs.type(this.#backend.binding.TF_INT32);
    const zero = this.#put(`${name}/zero`, 'Const', [], { dtype, value: attrs.tensor({ dtype: this.#backend.binding.TF_INT32, shape: [], data: new Uint8Array(4) }) });
    return this.#put(`${name}/started`, 'Identity', [zero, ...after], { T: dtype });
  }

  #addVariable(place: number, shape: Shape): void {
    const variable = { dtype: this.#float, shape: attrs.shape(shape) };
    this.#put(`variable/${place}`, 'VarHandleOp', [], { ...variable, shared_name: attrs.text(`variable/${place}`), container: attrs.text('') });
    this.#put(`value/${place}`, 'ReadVariableOp', [`variable/${place}`], { dtype: this.#float });
    this.#put(`given/${place}`, 'Placeholder', [], variable);
    this.#put(`set/${place}`, 'AssignVariableOp', [`variable/${place}`, `given/${place}`], { dtype: this.#float });
  }

  /** After the old value was read. */
  #assign(name: string, place: number, source: string): string {
    return this.#put(name, 'AssignVariableOp', [`variable/${place}`, source, `^value/${place}`], { dtype: this.#float });
  }

  #put(name: string, op: string, inputs: readonly string[], attributes: Record<string, Uint8Array>): string {
    this.nodes.push(node(name, op, inputs, attributes));
    return name;
  }
}

function noBytes(shape: Shape): Pixels {
  return { shape: shape as Pixels['shape'], data: new Uint8Array(shape.reduce((size, length) => size * length, 1)) };
}

function valueOf(values: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const value = values.get(name);
  if (value === undefined) throw new Error(`the graph's variable ${name} got no value`);
  return value;
}

/** TensorFlow takes graphs from folders only; ours is gone as soon as it is loaded. */
function loadGraph(backend: NodeJSKernelBackend, nodes: readonly Uint8Array[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'starsse-graph-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), savedModel(nodes));
    return backend.binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
