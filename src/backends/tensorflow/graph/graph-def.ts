/**
 * TensorFlow's graphs as bytes, by the field numbers of tensorflow/core/framework/{graph,node_def,attr_value,tensor}.proto
 * and tensorflow/core/protobuf/{meta_graph,saved_model}.proto.
 */
import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import { bytesField, concatenated, floatField, varintField } from '../../../protocol/protobuf.ts';
import type { RecordedConstant } from './recording.ts';

/** The version that a graph claims; every TensorFlow since 2.9 runs it. */
const GRAPH_VERSION = 1087;
/** What loaders look a graph up by. */
export const TAG = 'serve';

/** An AttrValue message. */
export type Attr = Uint8Array;

export const attrs = {
  type: (dtype: number): Attr => varintField(6, dtype),
  shape: (shape: readonly number[]): Attr => bytesField(7, shapeMessage(shape)),
  text: (value: string): Attr => bytesField(2, value),
  tensor: ({ dtype, shape, data }: Pick<RecordedConstant, 'dtype' | 'shape' | 'data'>): Attr =>
    bytesField(8, concatenated([varintField(1, dtype), bytesField(2, shapeMessage(shape)), bytesField(4, data)])),
};

/** An attribute as an eager op has it. @throws Error for a kind that graphs cannot hold */
export function recordedAttr(binding: TFJSBinding, { name, type, value }: TFEOpAttr): Attr {
  const numbers = (field: (item: number) => Uint8Array): Attr => (Array.isArray(value) ? bytesField(1, concatenated(value.map((item) => field(Number(item))))) : field(Number(value)));
  switch (type) {
    case binding.TF_ATTR_TYPE:
      return numbers((item) => varintField(6, item));
    case binding.TF_ATTR_BOOL:
      return numbers((item) => varintField(5, item));
    case binding.TF_ATTR_INT:
      return numbers((item) => varintField(3, item));
    case binding.TF_ATTR_FLOAT:
      return numbers((item) => floatField(4, item));
    case binding.TF_ATTR_STRING:
      return attrs.text(String(value));
    case binding.TF_ATTR_SHAPE:
      return attrs.shape(value as number[]);
    default:
      throw new Error(`the attribute ${name} of kind ${type} has no place in a graph`);
  }
}

/** A NodeDef. @param inputs names: `node`, `node:output`, or `^node` to come after it */
export function node(name: string, op: string, inputs: readonly string[], attributes: Record<string, Attr>): Uint8Array {
  return concatenated([
    bytesField(1, name),
    bytesField(2, op),
    ...inputs.map((input) => bytesField(3, input)),
    ...Object.entries(attributes).map(([key, attr]) => bytesField(5, concatenated([bytesField(1, key), bytesField(2, attr)]))),
  ]);
}

/** The file saved_model.pb of a graph without variables on disk. */
export function savedModel(nodes: readonly Uint8Array[]): Uint8Array {
  const graph = concatenated([...nodes.map((each) => bytesField(1, each)), bytesField(4, varintField(1, GRAPH_VERSION))]);
  const meta = concatenated([bytesField(1, bytesField(4, TAG)), bytesField(2, graph)]);
  return concatenated([varintField(1, 1), bytesField(2, meta)]);
}

function shapeMessage(shape: readonly number[]): Uint8Array {
  return concatenated(shape.map((length) => bytesField(2, varintField(1, length))));
}
