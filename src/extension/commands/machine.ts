import * as vscode from 'vscode';
import type { DoctorReport } from '../../protocol/doctor.ts';
import { doctorReport } from '../doctorReport.ts';
import { showReport } from '../reports.ts';
import { runTaskHere } from '../runActions.ts';
import { withTaskProgress } from '../taskProgress.ts';
import type { Command, Parts } from './register.ts';

/** Check This Machine and Install Back End. */
export function machineCommands(parts: Parts): Command[] {
  return [
    { id: 'starsse.doctor', needsTrust: true, run: () => doctor() },
    { id: 'starsse.installBackend', needsTrust: true, run: (arg) => install(parts, arg) },
  ];
}

/** @returns the report, for other extensions and tests. */
async function doctor(): Promise<DoctorReport> {
  const report = await withTaskProgress(vscode.l10n.t('Checking this machine'), (context) => runTaskHere('doctor', [], context));
  await showReport('machine', doctorReport(report));
  if (report.backends.some(({ backend, usable }) => backend === 'tensorflow' && !usable)) void offerInstall();
  return report;
}

async function offerInstall(): Promise<void> {
  const install = vscode.l10n.t('Install Back End');
  const message = vscode.l10n.t('The native back end, the fastest on a processor, is not installed.');
  if ((await vscode.window.showInformationMessage(message, install)) === install) await vscode.commands.executeCommand('starsse.installBackend');
}

/** A back end to get; without `gpu` the TensorFlow that fits this machine. */
interface Wish {
  backend: 'tensorflow' | 'webgpu';
  gpu?: boolean;
}

/** @param arg a `Wish`, to install without asking. */
async function install({ log }: Parts, arg: unknown): Promise<DoctorReport | undefined> {
  const wish = asWish(arg) ?? (await chooseWish());
  if (wish === undefined) return undefined;
  const report = await withTaskProgress(vscode.l10n.t('Installing the back end {0}', wish.backend), ({ signal, report: show }) =>
    runTaskHere('install', [JSON.stringify(wish)], {
      signal,
      report(fraction, message) {
        log.info(message);
        show(fraction, message);
      },
    }),
  );
  const installed = report.backends.find(({ backend }) => backend === wish.backend);
  if (installed?.usable) void vscode.window.showInformationMessage(vscode.l10n.t('The back end is ready: {0}', installed.device?.description ?? wish.backend));
  else await showReport('machine', doctorReport(report));
  return report;
}

function asWish(arg: unknown): Wish | undefined {
  if (typeof arg !== 'object' || arg === null || !('backend' in arg)) return undefined;
  const gpu = 'gpu' in arg && typeof arg.gpu === 'boolean' ? { gpu: arg.gpu } : {};
  return arg.backend === 'tensorflow' || arg.backend === 'webgpu' ? { backend: arg.backend, ...gpu } : undefined;
}

async function chooseWish(): Promise<Wish | undefined> {
  const items: (vscode.QuickPickItem & { wish: Wish })[] = [
    { label: 'TensorFlow', description: vscode.l10n.t('native, as it fits this machine'), wish: { backend: 'tensorflow' } },
    { label: 'TensorFlow, CUDA', description: vscode.l10n.t('for an NVIDIA graphics card'), wish: { backend: 'tensorflow', gpu: true } },
    { label: 'WebGPU', description: vscode.l10n.t('for other graphics cards'), wish: { backend: 'webgpu' } },
  ];
  const placeHolder = vscode.l10n.t('Choose a back end. WASM is always there.');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.wish;
}
