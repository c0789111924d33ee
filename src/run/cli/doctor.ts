/** `starsse doctor` and `starsse backend install`: what this machine can train with, and getting what is missing. */
import { Argument, type Command } from 'commander';
import type { DoctorReport } from '../../protocol/doctor.ts';
import { columns } from './columns.ts';
import { amount } from './numbers.ts';
import { jsonOption, nodeOption, type JsonOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

export function addDoctor(program: Command, end: (code: number) => void): void {
  program
    .command('doctor')
    .description('show back ends, devices and versions, and how to get what is missing')
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async ({ json = false, node }: JsonOptions & { node?: string }) => {
      show(await runTaskFromTerminal('doctor', [], { json, node }), json);
      end(DONE);
    });
}

export function addBackend(program: Command, end: (code: number) => void): void {
  const backend = program.command('backend').description('get a back end');
  backend
    .command('install')
    .description("get the native TensorFlow library, or Dawn for WebGPU, into the user's cache folder; once, it takes minutes")
    .addArgument(new Argument('[backend]').choices(['tensorflow', 'webgpu']).default('tensorflow'))
    .option('--gpu', 'the TensorFlow library for CUDA')
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (name: string, { gpu, json = false, node }: JsonOptions & { gpu?: boolean; node?: string }) => {
      show(await runTaskFromTerminal('install', [JSON.stringify({ backend: name, gpu })], { json, node }), json);
      end(DONE);
    });
}

function show(report: DoctorReport, json: boolean): void {
  if (json) return printJson(report);
  const { node, starsse, platform, cpu, cores, memoryBytes, cacheFolder, backends } = report;
  printLines([
    ...columns(
      [
        ['StarSSE', starsse],
        ['Node', `${node.version} (${node.path})`],
        ['machine', `${platform}, ${cpu}, ${cores} cores, ${amount(memoryBytes)}B memory`],
        ['cache', cacheFolder],
      ],
      'll',
    ),
    '',
    ...backends.flatMap(({ backend, usable, auto, device, missing, versions }) => [
      `${usable ? '✓' : '✗'} ${backend}${auto ? ' (taken by auto)' : ''}${device === null ? '' : `: ${device.description}`}`,
      ...Object.entries(versions).map(([name, version]) => `    ${name} ${version}`),
      ...(missing === null ? [] : [`    ${missing.message}`, ...(missing.hint === undefined ? [] : [`    ${missing.hint}`])]),
    ]),
  ]);
}
