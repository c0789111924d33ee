/**
 * TensorBoard's events as bytes. Messages and field numbers are those of TensorFlow's event.proto, summary.proto and
 * tensor.proto, and of the hparams plug-in's plugin_data.proto.
 */
import { maskedCrc32c } from './crc32c.ts';
import { bytesField, doubleField, floatField, varintField } from '../../protocol/protobuf.ts';

const FLOAT_TYPE = 1;
const STRING_TYPE = 7;
const SESSION_STARTED = 1;

export type HyperParameter = number | string | boolean;
/** Of SessionEndInfo. */
export const SESSION_STATUS = { unknown: 0, success: 1, failure: 2 } as const;

/** A record of a TFRecord file: length, its checksum, the event, its checksum. */
export function record(event: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(event.length));
  return Buffer.concat([length, checksum(length), event, checksum(event)]);
}

/** The first event of every file. */
export function fileVersion(seconds: number): Uint8Array {
  return Buffer.concat([doubleField(1, seconds), bytesField(3, 'brain.Event:2')]);
}

/** Training goes on at `step`: TensorBoard forgets what it had of that step and later. */
export function sessionStart(seconds: number, step: number): Uint8Array {
  return eventOf(seconds, step, bytesField(7, varintField(1, SESSION_STARTED)));
}

/** @param values by tag */
export function scalars(seconds: number, step: number, values: Record<string, number>): Uint8Array {
  return summary(seconds, step, Object.entries(values).map(([tag, value]) => Buffer.concat([bytesField(1, tag), floatField(2, value)])));
}

/** @param markdown is shown in the Text tab */
export function text(seconds: number, tag: string, markdown: string): Uint8Array {
  const shape = Buffer.alloc(0); // a scalar
  const tensor = Buffer.concat([varintField(1, STRING_TYPE), bytesField(2, shape), bytesField(8, markdown)]);
  return summary(seconds, 0, [Buffer.concat([bytesField(1, tag), bytesField(8, tensor), metadata('text', Buffer.alloc(0))])]);
}

/** What the HParams tab lists of a training. */
export function hyperParameters(seconds: number, parameters: Record<string, HyperParameter>): Uint8Array {
  const pairs = Object.entries(parameters).map(([name, value]) => bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, valueOf(value))])));
  return hparams(seconds, '_hparams_/session_start_info', bytesField(3, Buffer.concat([...pairs, doubleField(5, seconds)])));
}

export function sessionEnd(seconds: number, status: keyof typeof SESSION_STATUS): Uint8Array {
  return hparams(seconds, '_hparams_/session_end_info', bytesField(4, Buffer.concat([varintField(1, SESSION_STATUS[status]), doubleField(2, seconds)])));
}

/** The plug-in reads its own message from the metadata; the tensor is an empty vector. */
function hparams(seconds: number, tag: string, content: Uint8Array): Uint8Array {
  const emptyVector = bytesField(2, varintField(1, 0)); // Dim { size: 0 }
  const tensor = Buffer.concat([varintField(1, FLOAT_TYPE), bytesField(2, emptyVector)]);
  return summary(seconds, 0, [Buffer.concat([bytesField(1, tag), bytesField(8, tensor), metadata('hparams', content)])]);
}

/** google.protobuf.Value */
function valueOf(value: HyperParameter): Uint8Array {
  if (typeof value === 'number') return doubleField(2, value);
  return typeof value === 'string' ? bytesField(3, value) : varintField(4, value ? 1 : 0);
}

function metadata(plugin: string, content: Uint8Array): Uint8Array {
  return bytesField(9, bytesField(1, Buffer.concat([bytesField(1, plugin), bytesField(2, content)])));
}

function summary(seconds: number, step: number, values: Uint8Array[]): Uint8Array {
  return eventOf(seconds, step, bytesField(5, Buffer.concat(values.map((value) => bytesField(1, value)))));
}

function eventOf(seconds: number, step: number, what: Uint8Array): Uint8Array {
  return Buffer.concat([doubleField(1, seconds), varintField(2, step), what]);
}

function checksum(bytes: Uint8Array): Uint8Array {
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(maskedCrc32c(bytes));
  return crc;
}
