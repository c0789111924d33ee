/** What `starsse doctor --json` prints and the editor shows. */
import type { ErrorJson } from './errors.ts';
import type { Device } from './run.ts';

export interface BackendReport {
  backend: Device['backend'];
  usable: boolean;
  device: Device | null;
  versions: Record<string, string>;
  /** Why it is not usable; the hint is the exact command that mends it. */
  missing: ErrorJson | null;
  /** True only for the one that `auto` takes. */
  auto: boolean;
}
export interface DoctorReport {
  node: { version: string; path: string };
  starsse: string;
  platform: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  cacheFolder: string;
  backends: BackendReport[];
}
