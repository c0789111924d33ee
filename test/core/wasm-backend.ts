/** The WebAssembly back end, for tests that train: ten times as fast as plain JavaScript, and as exact. */
import { startWasm } from '../../src/backends/wasm/start.ts';

await startWasm();
