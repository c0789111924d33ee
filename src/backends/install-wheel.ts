/**
 * The second way to a native library: the addon of tfjs-node, compiled here against the libtensorflow inside a Python wheel.
 * Tried with tensorflow-cpu 2.21.0 on Linux x64. The addon uses Node-API only, so one build serves every Node.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StarsseError } from '../protocol/errors.ts';
import type { InstallStep } from './install.ts';
import { compileOwnOperations } from './install-own-operations.ts';
import { TFJS_NODE_VERSION } from './install-package.ts';
import { runProcess } from './install-process.ts';
import { checkPip, downloadWheels, unpackWheels } from './install-python.ts';
import { OWN_OPERATIONS_FILE } from './tensorflow/own-operations.ts';

const NODE_API_HEADERS_VERSION = '1.9.0';
const BINDING = 'lib/napi-v8/tfjs_binding.node';

/** What a platform's wheels call the two libraries, and how the addon is told to find them. */
const platforms: Partial<Record<NodeJS.Platform, { libraries: [string, string]; linkerFlags: string[] }>> = {
  linux: {
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
    linkerFlags: ['-Wl,-rpath,$ORIGIN/../../deps/lib'],
  },
  darwin: {
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
    linkerFlags: ['-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib'],
  },
};

const compilerHint = 'Install a C++ compiler (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++; macOS: xcode-select --install).';

/**
 * Downloads wheel and sources into `folder`, compiles, and leaves there only the addon and libtensorflow.
 * @returns the path of the addon, relative to `folder`.
 * @throws StarsseError `backend-failed` when a tool is missing or fails; `cancelled`.
 */
export async function installFromWheel({ folder, signal, report }: InstallStep): Promise<string> {
  const platform = platforms[process.platform];
  if (platform === undefined) {
    throw new StarsseError('backend-failed', `The addon cannot be built on ${process.platform}.`, { hint: 'Use the WASM or the WebGPU back end.' });
  }
  const build = join(folder, 'build');
  const python = { folder: build, signal, report: (message: string) => report('library', message) };
  const run = (command: string, args: string[], hint: string): Promise<string> => runProcess(command, args, { cwd: build, signal, hint });
  await mkdir(build);

  // Missing tools are told before a download of 270 MB, not after it.
  const compiler = process.env.CXX || 'c++';
  await run(compiler, ['--version'], compilerHint);
  await checkPip(python);

  report('sources', `Getting the sources of the addon, @tensorflow/tfjs-node ${TFJS_NODE_VERSION}`);
  await unpackPackage(run, `@tensorflow/tfjs-node@${TFJS_NODE_VERSION}`, build, 'addon');
  await unpackPackage(run, `node-api-headers@${NODE_API_HEADERS_VERSION}`, build, 'node-api');

  const wheel = process.platform === 'linux' && process.arch === 'x64' ? 'tensorflow-cpu' : 'tensorflow';
  report('library', `Downloading ${wheel} with pip, about 270 MB`);
  await downloadWheels([wheel], python);
  report('unpack', 'Unpacking libtensorflow');
  const headers = 'tensorflow/include/(tensorflow/c|tensorflow/core/platform|tensorflow/core/common_runtime/next_pluggable_device/c|tsl|xla/tsl)/.*[.]h';
  await unpackWheels(`tensorflow/(${platform.libraries.map((name) => name.replaceAll('.', '[.]')).join('|')})|${headers}`, 'wheel', python);

  report('compile', 'Compiling the addon');
  await mkdir(join(folder, 'lib', 'napi-v8'), { recursive: true });
  const libraries = platform.libraries.map((name) => join('wheel', 'tensorflow', name));
  const includes = ['node-api/include', 'addon', 'wheel/tensorflow/include'].map((path) => `-I${path}`);
  const sources = ['addon/binding/tfjs_backend.cc', 'addon/binding/tfjs_binding.cc'];
  const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', ...includes];
  await run(compiler, [...flags, ...sources, '-o', join('..', BINDING), ...libraries, ...platform.linkerFlags], compilerHint);
  try {
    await compileOwnOperations((args) => run(compiler, args, compilerHint), build, join('..', dirname(BINDING), OWN_OPERATIONS_FILE), [...includes, ...libraries, ...platform.linkerFlags]);
  } catch (error) {
    rethrowCancelled(error);
    report('compile', `Without the operations of our own, slower: ${StarsseError.from(error).message}`);
  }

  // The table of local symbols, a quarter of the file, serves debuggers only. Without `strip` it just stays.
  if (process.platform === 'linux') await run('strip', ['--strip-unneeded', ...libraries], '').catch(rethrowCancelled);
  await mkdir(join(folder, 'deps', 'lib'), { recursive: true });
  for (const name of platform.libraries) await rename(join(build, 'wheel', 'tensorflow', name), join(folder, 'deps', 'lib', name));
  await rm(build, { recursive: true });
  return BINDING;
}

async function unpackPackage(run: (command: string, args: string[], hint: string) => Promise<string>, spec: string, build: string, into: string): Promise<void> {
  await mkdir(join(build, into));
  const packed = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination=.', spec], 'Check the network and the proxy settings of npm.');
  await run('tar', ['-xzf', packed.trim(), '-C', into, '--strip-components=1'], 'Install tar.');
}

function rethrowCancelled(error: unknown): void {
  if (error instanceof StarsseError && error.code === 'cancelled') throw error;
}
