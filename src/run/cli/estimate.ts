/** `starsse estimate <plan>`: what a run of a plan would cost on this machine, from a short dry run. */
import path from 'node:path';
import type { Command } from 'commander';
import type { BackendChoice } from '../../protocol/plan.ts';
import type { Estimate } from '../../protocol/plan-check.ts';
import { columns } from './columns.ts';
import { amount, duration } from './numbers.ts';
import { backendOption, jsonOption, nodeOption, type JsonOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends JsonOptions {
  backend?: BackendChoice;
  node?: string;
}

export function addEstimate(program: Command, end: (code: number) => void): void {
  program
    .command('estimate <plan>')
    .description('time a few real steps of a plan and tell what the whole run would take: time, disk, forward passes')
    .addOption(backendOption())
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (plan: string, { backend, json = false, node }: Options) => {
      const request = backend === undefined || backend === 'auto' ? {} : { backend };
      const estimate = await runTaskFromTerminal('estimate', [path.resolve(plan), JSON.stringify(request)], { json, node });
      if (json) printJson(estimate);
      else printLines(linesOf(estimate));
      end(DONE);
    });
}

function linesOf({ facts, timing, steps, epochMs, totalMs, cost }: Estimate): string[] {
  const { images, network, device, workers, threads, threadsAlone, runBytes, snapshotBytes, freeBytes } = facts;
  return columns(
    [
      ['device', `${device.backend} (${device.kind}): ${device.description}`],
      ['network', `${network.name}, ${amount(network.parameters)} parameters, ${amount(snapshotBytes)}B a snapshot`],
      ['images', `${images.train} to train on, ${images.validation} to select on, ${images.test} to measure on`],
      ['members', `${cost.members}, ${cost.epochs} epochs in all, ${workers} at a time (threads: ${threads} each, ${threadsAlone} alone)`],
      ['step', `${timing.stepMs.alone.toFixed(1)} ms alone, ${timing.stepMs.beside.toFixed(1)} ms beside others (${steps} timed)`],
      ['epoch', `${(epochMs / 1000).toFixed(1)} s of ${timing.stepsPerEpoch} steps, with its evaluation`],
      ['time', `about ${duration(totalMs)}`],
      ['disk', `up to ${amount(runBytes)}B${freeBytes === null ? '' : ` of ${amount(freeBytes)}B that are free`}`],
      ['prediction', `soup 1 forward pass, ensemble ${cost.passes.ensemble}`],
    ],
    'll',
  );
}
