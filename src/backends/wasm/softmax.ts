/**
 * Softmax of many rows in SIMD (`assembly/softmax.ts`), in a memory of its own: members' rows go through it a few kilobytes at a time, so that their sums
 * stay in the processor's cache.
 */
import { useSoftmaxSum } from '../../core/softmax.ts';
import { kernelsIn, ownMemory, type SimdKernels, type WasmMemory } from './simd.ts';

/** 1 / ln 2; what rounds a double when it is added; the lowest exponent; the polynomial of degree 9 nearest to 2^x on [-1/2, 1/2] (Chebyshev), off by 1.4e-14. */
const TABLE = [
  1 / Math.LN2, 1.5 * 2 ** 52, -1020,
  1.0000000000000134868, 0.69314718055994615897, 0.2402265069564033974, 0.055504108664651672007, 0.0096181291939343133551,
  0.0013333558200794592645, 0.00015403433751251008921, 0.000015252672924850736404, 1.325964524488711024e-6, 1.0205905413765595794e-7,
];
/** Of the sums at a time, in doubles. */
const BLOCK = 8192;
const PAGE_BYTES = 65_536;

/** From here on `core/softmax.ts` adds float32 logits up by the kernel. @throws StarsseError backend-failed where the file of the kernels is missing */
export async function startSoftmax(): Promise<void> {
  const memory = ownMemory();
  const { addSoftmax } = await kernelsIn(memory);
  useSoftmaxSum((members, classes, weights, sum) => addAll(memory, addSoftmax, { members, classes, weights, sum }));
}

interface Sum {
  members: readonly Float32Array[];
  classes: number;
  weights: readonly number[];
  sum: Float64Array;
}

function addAll(memory: WasmMemory, kernel: SimdKernels['addSoftmax'], { members, classes, weights, sum }: Sum): void {
  const rows = Math.max(1, Math.floor(BLOCK / classes));
  const scratch = TABLE.length;
  const sums = scratch + classes;
  const logits = 2 * (sums + rows * classes); // counted in float32
  const lacking = 4 * (logits + rows * classes) - memory.buffer.byteLength;
  if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE_BYTES));
  const [doubles, floats] = [new Float64Array(memory.buffer), new Float32Array(memory.buffer)];
  doubles.set(TABLE);
  for (let start = 0; start < sum.length; start += rows * classes) {
    const block = sum.subarray(start, start + rows * classes);
    doubles.set(block, sums);
    for (const [index, member] of members.entries()) {
      floats.set(member.subarray(start, start + block.length), logits);
      kernel(4 * logits, block.length / classes, classes, weights[index], 8 * sums, 8 * scratch, 0);
    }
    block.set(doubles.subarray(sums, sums + block.length));
  }
}
