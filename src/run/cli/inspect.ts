/** `starsse inspect <snapshot>`: what is in a safetensors file. */
import type { Command } from 'commander';
import path from 'node:path';
import { columns } from './columns.ts';
import { amount } from './numbers.ts';
import { jsonOption, type JsonOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { inspectSnapshot } from '../inspect.ts';

export function addInspect(program: Command, end: (code: number) => void): void {
  program
    .command('inspect <snapshot>')
    .description('show the tensors and the origin of a snapshot (.safetensors)')
    .addOption(jsonOption())
    .action(async (file: string, { json = false }: JsonOptions) => {
      const summary = await inspectSnapshot(path.resolve(file));
      if (json) printJson(summary);
      else {
        const tensors = summary.tensors.map(({ name, dtype, shape, sizeBytes }) => [name, dtype, `[${shape.join(', ')}]`, `${amount(sizeBytes)}B`]);
        printLines([
          summary.path,
          ...Object.entries(summary.metadata).map(([key, value]) => `${key}: ${value}`),
          '',
          ...columns(tensors, 'lllr'),
          '',
          `${summary.tensors.length} tensors, ${amount(summary.parameters)} numbers`,
        ]);
      }
      end(DONE);
    });
}
