/** Runs the same kernels on the same values on `cpu`, the reference, and on another back end, and compares the outputs. */
import { engine, env, setBackend, tensor, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

export interface Values {
  shape: number[];
  values: Float32Array | Int32Array;
}
export interface KernelCase {
  kernel: string;
  inputs: Record<string, Values>;
  attrs: NamedAttrMap;
}
export interface Comparison {
  comparisons: number;
  worst: number;
  /** The case with the worst difference, for the message of a failing test. */
  where: string;
}

/** The worst absolute difference over all outputs of all cases. Leaves `backend` current. */
export async function compareWithCpu(backend: string, cases: KernelCase[]): Promise<Comparison> {
  await setBackend('cpu');
  const expected = await runAll(cases);
  await setBackend(backend);
  const actual = await runAll(cases);
  const result: Comparison = { comparisons: 0, worst: 0, where: '' };
  cases.forEach(({ kernel, inputs, attrs }, index) => {
    expected[index].forEach((wanted, output) => {
      result.comparisons += 1;
      const difference = worstDifference(wanted, actual[index][output]);
      if (difference > result.worst || Number.isNaN(difference)) {
        result.worst = difference;
        const shapes = Object.entries(inputs).map(([name, { shape }]) => `${name} [${shape}]`);
        result.where = `${kernel} output ${output}, ${shapes.join(', ')}, ${JSON.stringify(attrs)}`;
      }
    });
  });
  return result;
}

interface Output {
  shape: number[];
  dtype: string;
  values: ArrayLike<number>;
}

/** Also fails for a kernel that leaves values behind: in this mode the engine counts them. */
async function runAll(cases: KernelCase[]): Promise<Output[][]> {
  const results: Output[][] = [];
  env().set('IS_TEST', true);
  for (const { kernel, inputs, attrs } of cases) {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, values }]) => [name, tensor(values, shape, values instanceof Int32Array ? 'int32' : 'float32')]),
    );
    const outputs = [engine().runKernel<Tensor | Tensor[]>(kernel, tensors, attrs)].flat();
    results.push(await Promise.all(outputs.map(async (output) => ({ shape: output.shape, dtype: output.dtype, values: await output.data() }))));
    for (const used of [...outputs, ...Object.values(tensors)]) used.dispose();
  }
  env().set('IS_TEST', false);
  return results;
}

/** Infinity where shape or dtype differ; NaN where a value is not a number on one side only. */
function worstDifference(wanted: Output, actual: Output): number {
  if (wanted.shape.join() !== actual.shape.join() || wanted.dtype !== actual.dtype) return Infinity;
  let worst = 0;
  for (let i = 0; i < wanted.values.length; i++) {
    const difference = Math.abs(wanted.values[i] - actual.values[i]);
    if (Number.isNaN(difference)) return NaN;
    worst = Math.max(worst, difference);
  }
  return worst;
}

/** Numbers of roughly standard normal size, the same in every run (mulberry32, sum of three uniforms). */
export function randomValues(shape: number[], seed: number): Values {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, values: Float32Array.from({ length: size }, () => 2 * (uniform() + uniform() + uniform() - 1.5)) };
}
