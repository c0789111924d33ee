/** Operations of a recording that one of our own does at once, in the same bits. */
import type { RecordedOp, Recording } from './recording.ts';

/** A batch norm and the relu behind it become one operation, as do their gradients. */
export function fused(recording: Recording): Recording {
  const uses = countUses(recording);
  /** What made a tensor that nobody but the next operation reads. */
  const makers = new Map<number, RecordedOp>();
  const ops: RecordedOp[] = [];
  const gone = new Set<RecordedOp>();
  for (const op of recording.ops) {
    const before = makers.get(op.inputs[0]);
    let next = op;
    if (op.name === 'Relu' && before?.name === 'StarsseBatchNorm') {
      before.attrs = before.attrs.map((attr) => (attr.name === 'relu' ? { ...attr, value: true } : attr));
      before.outputs = [op.outputs[0], ...before.outputs.slice(1)];
      continue;
    }
    if (op.name === 'StarsseBatchNormGrad' && before?.name === 'ReluGrad') {
      const [dy, y] = before.inputs;
      gone.add(before);
      next = { ...op, name: 'StarsseBatchNormReluGrad', inputs: [dy, ...op.inputs.slice(1), y] };
    } else next = { ...op };
    ops.push(next);
    if (uses.get(next.outputs[0]) === 1) makers.set(next.outputs[0], next);
  }
  return { ...recording, ops: ops.filter((op) => !gone.has(op)) };
}

function countUses({ ops, outputs }: Recording): Map<number, number> {
  const uses = new Map<number, number>();
  for (const id of [...ops.flatMap(({ inputs }) => inputs), ...outputs]) uses.set(id, (uses.get(id) ?? 0) + 1);
  return uses;
}
