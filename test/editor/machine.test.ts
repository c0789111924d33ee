import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DoctorReport } from '../../src/protocol/doctor.ts';

describe('the machine', () => {
  it('is checked: the embedded back end is usable, one is chosen, what is missing comes with its remedy', async () => {
    const report = await vscode.commands.executeCommand<DoctorReport | undefined>('starsse.doctor');
    assert.ok(report, 'no report: see the messages of the extension');
    const wasm = report.backends.find(({ backend }) => backend === 'wasm');
    assert.ok(wasm?.usable, JSON.stringify(wasm));
    assert.equal(report.backends.filter(({ auto }) => auto).length, 1);
    for (const { backend, usable, missing } of report.backends) assert.ok(usable || missing?.hint, `${backend} is missing without a remedy`);
  });
});
