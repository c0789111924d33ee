/** Every bench, in the order of README's table. `npm run bench` runs these; a test holds that no entry is missing. */

export interface Bench {
  /** For `npm run bench -- NAME`. */
  name: string;
  /** In this folder. */
  file: string;
  args: readonly string[];
}

export const BENCHES: readonly Bench[] = [
  { name: 'batch-norm', file: 'batch-norm.ts', args: [] },
  { name: 'traced-step', file: 'traced-step.ts', args: [] },
  { name: 'torch-step', file: 'torch-step.ts', args: [] },
  { name: 'agreement', file: 'agreement.ts', args: [] },
  { name: 'forward', file: 'forward.ts', args: [] },
  { name: 'wasm-step', file: 'wasm-step.ts', args: [] },
  { name: 'input', file: 'input.ts', args: [] },
  { name: 'safetensors', file: 'safetensors.ts', args: [] },
  { name: 'ensemble', file: 'ensemble.ts', args: [] },
  { name: 'log-reading', file: 'log-reading.ts', args: [] },
  { name: 'dashboard-log', file: 'dashboard-log.ts', args: [] },
  { name: 'start-up', file: 'start-up.ts', args: [] },
  { name: 'experiment', file: 'experiment.ts', args: ['sample'] },
  { name: 'experiment-folders', file: 'experiment.ts', args: ['folders'] },
  { name: 'gpu', file: 'gpu.ts', args: [] },
  { name: 'memory', file: 'memory.ts', args: [] },
  { name: 'soup', file: 'soup.ts', args: [] },
  { name: 'plane', file: 'plane.ts', args: [] },
  { name: 'orderings', file: 'orderings.ts', args: ['--seeds', '1'] },
];

/** As README names it. */
export function commandOf({ name }: Bench): string {
  return `npm run bench -- ${name}`;
}
