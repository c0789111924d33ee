// Compiles src/backends/wasm/assembly/ into build/kernels.wasm when a source is newer.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'src/backends/wasm/assembly');
const output = join(root, 'build', 'kernels.wasm');

export function compileKernelsIfStale() {
  const sources = [...readdirSync(folder).map((name) => join(folder, name)), fileURLToPath(import.meta.url)];
  const newest = Math.max(...sources.map((path) => statSync(path).mtimeMs));
  if (existsSync(output) && statSync(output).mtimeMs > newest) return;
  mkdirSync(dirname(output), { recursive: true });
  // No allocator, no memory of its own, nothing imported but the memory of TensorFlow.js' module.
  const args = [join(folder, 'index.ts'), '--outFile', output, '-O3', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--noAssert', '--enable', 'simd'];
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/assemblyscript/bin/asc.js'), ...args], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`The AssemblyScript compiler ended with exit code ${status}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) compileKernelsIfStale();
