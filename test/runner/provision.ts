/** What a layer stands on. Each is made ready at most once in a test run; a failure is remembered and told again. */
import path from 'node:path';
import { buildIfStale } from '../../scripts/build.mjs';
import { compileKernelsIfStale } from '../../scripts/kernels.mjs';
import { codeServerIsInstalled, installCodeServer } from '../host/code-server.ts';
import { editorHost } from '../host/choose.ts';
import { command, packageCommand, ROOT } from './command.ts';
import { COMPILER, PIP, provide, SCREEN } from './debian.ts';

const makers = {
  /** build/: the kernels of WebAssembly, without which the sources cannot train on it. */
  kernels: async () => compileKernelsIfStale(),
  /** dist/: the bundles that are tested. */
  build: async () => buildIfStale(),
  /** dist/test/editor.js: the suite that runs inside the editor. */
  suite: async () => {
    if ((await packageCommand('webpack-cli/bin/cli.js', ['--config', 'test/editor/webpack.config.js'])) !== 0) throw new Error('The build of the in-editor suite failed.');
  },
  screen: () => provide(SCREEN),
  /** VS Code in a browser. */
  codeServer: async () => {
    await provide(SCREEN);
    if (codeServerIsInstalled()) return;
    await provide(COMPILER);
    await installCodeServer(console.log);
  },
  /** VS Code, downloaded or in a browser. */
  editor: async () => {
    if ((await editorHost()) === 'browser') await ready('codeServer');
  },
  /** The native library, without which the native tests fail. */
  native: async () => {
    await ready('build');
    await provide(PIP);
    if ((await command(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'backend', 'install'])) !== 0) throw new Error('starsse backend install failed.');
  },
  /** The images of samples/fashion-mnist. */
  sample: async () => {
    if ((await command(process.execPath, ['samples/fashion-mnist/prepare-data.mjs'])) !== 0) throw new Error('The sample data could not be written.');
  },
};

export type Provision = keyof typeof makers;

const made = new Map<Provision, Promise<void>>();

/** @throws what making it threw, each time it is asked for. */
export function ready(name: Provision): Promise<void> {
  let promise = made.get(name);
  if (promise === undefined) made.set(name, (promise = makers[name]()));
  return promise;
}
