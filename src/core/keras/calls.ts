/**
 * `inbound_nodes` of a layer of a Functional model: by which tensors it is called. Keras 2 and TensorFlow.js write
 * [[["layer", call, output, {...}], ...], ...]; Keras 3 writes [{"args": [...], "kwargs": {...}}, ...] with tensors inside.
 */
import { StarsseError } from '../../protocol/errors.ts';
import { isRecord, listOf, recordOf, textOf, wholeOf } from './config-values.ts';

/** One output of one call of a layer. */
export interface TensorRef {
  layer: string;
  call: number;
  output: number;
}

/** For each call of the layer the tensors it takes. @throws StarsseError file-invalid */
export function callsOf(inboundNodes: unknown, what: string): TensorRef[][] {
  return listOf(inboundNodes, `inbound_nodes of ${what}`).map((node) => {
    const found: TensorRef[] = [];
    if (isRecord(node)) {
      collect(node.args, found, what);
      // A mask of null is Keras' own; tensors by name would be a second input that no layer here takes.
      for (const [name, value] of Object.entries(recordOf(node.kwargs ?? {}, `kwargs of ${what}`))) {
        if (hasTensor(value)) throw new StarsseError('file-invalid', `${what} takes a tensor as ${name}, which is not supported`);
      }
    } else {
      for (const ref of listOf(node, `inbound_nodes of ${what}`)) found.push(historyOf(ref, what));
    }
    if (found.length === 0) throw new StarsseError('file-invalid', `${what} is called without a tensor`);
    return found;
  });
}

/** `input_layers` and `output_layers`: ["layer", 0, 0] or a list of such. @throws StarsseError file-invalid */
export function endsOf(value: unknown, what: string): TensorRef[] {
  const list = listOf(value, what);
  return typeof list[0] === 'string' ? [historyOf(list, what)] : list.map((ref) => historyOf(ref, what));
}

function collect(value: unknown, found: TensorRef[], what: string): void {
  if (Array.isArray(value)) for (const item of value) collect(item, found, what);
  else if (isTensor(value)) found.push(historyOf(recordOf(value.config, what).keras_history, what));
  else if (value !== null && value !== undefined) throw new StarsseError('file-invalid', `${what} is called with a value that is no tensor: ${JSON.stringify(value).slice(0, 60)}`);
}

function isTensor(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && value.class_name === '__keras_tensor__';
}

function hasTensor(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasTensor);
  return isTensor(value) || (isRecord(value) && Object.values(value).some(hasTensor));
}

function historyOf(value: unknown, what: string): TensorRef {
  const [layer, call, output] = listOf(value, `a tensor of ${what}`);
  return { layer: textOf(layer, `a tensor of ${what}`), call: wholeOf(call ?? 0, what), output: wholeOf(output ?? 0, what) };
}
