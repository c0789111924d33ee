import * as vscode from 'vscode';
import { bytesOf } from '../../run/disk-use.ts';

/** What run folders take, measured when somebody asks and again after a run has changed. */
export class DiskUse implements vscode.Disposable {
  readonly #bytes = new Map<string, number>();
  readonly #measuring = new Map<string, Promise<number>>();
  readonly #measured = new vscode.EventEmitter<void>();
  readonly onDidMeasure = this.#measured.event;

  /** What is known now; else it is measured, and told once all that is being measured is there. */
  known(folder: string): number | undefined {
    const bytes = this.#bytes.get(folder);
    if (bytes === undefined) void this.measure(folder).then(() => this.#measuring.size === 0 && this.#measured.fire());
    return bytes;
  }

  async measure(folder: string): Promise<number> {
    const known = this.#bytes.get(folder);
    if (known !== undefined) return known;
    const measuring = this.#measuring.get(folder) ?? bytesOf(folder);
    this.#measuring.set(folder, measuring);
    const bytes = await measuring;
    this.#measuring.delete(folder);
    this.#bytes.set(folder, bytes);
    return bytes;
  }

  forget(folders: readonly string[]): void {
    for (const folder of folders) this.#bytes.delete(folder);
  }

  dispose(): void {
    this.#measured.dispose();
  }
}
