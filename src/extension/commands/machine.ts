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

/** @param arg `{ gpu }` chooses without asking. */
async function install({ log }: Parts, arg: unknown): Promise<DoctorReport | undefined> {
  const gpu = typeof arg === 'object' && arg !== null && 'gpu' in arg ? arg.gpu === true : await chooseGpu();
  if (gpu === undefined) return undefined;
  const report = await withTaskProgress(vscode.l10n.t('Installing the native back end'), ({ signal, report: show }) =>
    runTaskHere('install', [JSON.stringify({ gpu })], {
      signal,
      report(fraction, message) {
        log.info(message);
        show(fraction, message);
      },
    }),
  );
  const device = report.backends.find(({ backend }) => backend === 'tensorflow')?.device;
  void vscode.window.showInformationMessage(vscode.l10n.t('The native back end is ready: {0}', device?.description ?? 'TensorFlow'));
  return report;
}

async function chooseGpu(): Promise<boolean | undefined> {
  const items = [
    { label: vscode.l10n.t('Processor'), description: 'TensorFlow', gpu: false },
    { label: vscode.l10n.t('NVIDIA graphics card'), description: 'TensorFlow, CUDA', gpu: true },
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('What should training run on?') });
  return chosen?.gpu;
}
