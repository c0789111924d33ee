/** What a layer stands on. Each is made ready at most once in a test run; a failure is remembered and told again. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { codeServerIsInstalled, installCodeServer } from '../host/code-server.ts';
import { editorHost } from '../host/choose.ts';
import { command, packageCommand, ROOT } from './command.ts';
import { COMPILER, PIP, provide, SCREEN } from './debian.ts';

const makers = {
  /** dist/: the bundles that are tested. */
  build: async () => {
    if ((await command(process.execPath, ['-e', "import('./scripts/build.mjs').then((m) => m.buildIfStale())"])) !== 0) throw new Error('The build failed.');
  },
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
    const script = 'samples/fashion-mnist/prepare-data.mjs';
    if (!existsSync(path.join(ROOT, script))) throw new Error(`${script} is missing.`);
    const { status, stderr } = spawnSync(process.execPath, ['-e', `import('./${script}').then((m) => m.prepareData())`], { cwd: ROOT });
    if (status !== 0) throw new Error(`The sample data could not be written: ${stderr.toString().trim()}`);
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
