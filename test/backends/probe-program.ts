/** Prints what `probeBackend` finds, as the trainer's task `probe` does. */
import type { Backend } from '../../src/backends/choose.ts';
import { probeBackend } from '../../src/backends/doctor-report.ts';

console.log(JSON.stringify(await probeBackend(process.argv[2] as Backend)));
process.exit();
