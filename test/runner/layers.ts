/** The layers in the order in which they run: what is quickest to tell comes first. */
import { editorTests } from '../host/editor-tests.ts';
import { FAILED, PASSED, sum, type Count } from './count.ts';
import { packageCommand } from './command.ts';
import { nodeTests } from './node-tests.ts';
import type { Provision } from './provision.ts';

export interface Layer {
  name: string;
  title: string;
  /** Without one of these the layer cannot run. */
  needs: Provision[];
  /** Without one of these the layer runs, and has failed. */
  wants?: Provision[];
  run(filter: string): Promise<Count>;
}

const nodeLayer = (name: string, title: string, needs: Provision[], folders: string[], rest: { concurrency?: number; wants?: Provision[] } = {}): Layer => ({
  name,
  title,
  needs,
  wants: rest.wants,
  run: (filter) => nodeTests(folders, filter, rest.concurrency ?? 1),
});

export const LAYERS: Layer[] = [
  { name: 'check', title: 'types, lint, the rooms', needs: [], run: check },
  nodeLayer('science', 'protocol and core', ['kernels'], ['protocol', 'core'], { concurrency: 2 }),
  nodeLayer('backends', 'back ends and their kernels', ['kernels', 'screen'], ['backends'], { concurrency: 2, wants: ['native'] }),
  nodeLayer('run', 'runs, trainers, the command line', ['build', 'sample'], ['run'], { concurrency: 2, wants: ['native'] }),
  nodeLayer('webview', 'the dashboard', ['build', 'screen'], ['webview'], { concurrency: 2 }),
  nodeLayer('extension', 'the extension outside the editor', ['build'], ['extension']),
  { name: 'editor', title: 'inside VS Code', needs: ['build', 'suite', 'editor'], run: editorTests },
  nodeLayer('package', 'the packed extension', ['build', 'codeServer'], ['package']),
  nodeLayer('e2e', 'a person with a mouse', ['build', 'codeServer', 'sample'], ['e2e'], { wants: ['native'] }),
];

async function check(filter: string): Promise<Count> {
  const tools: [string, string, string[]][] = [
    ['types of the Node programs and tests', 'typescript/bin/tsc', ['-p', '.']],
    ['types of the webview', 'typescript/bin/tsc', ['-p', 'webview-ui']],
    ['lint', 'eslint/bin/eslint.js', ['.']],
  ];
  const counts = await Promise.all((filter === '' ? tools : []).map(async ([name, script, args]) => {
    const clean = (await packageCommand(script, args)) === 0;
    console.log(`${clean ? '✔' : '✖'} ${name}`);
    return clean ? PASSED : FAILED;
  }));
  return sum([...counts, await nodeTests(['check'], filter, 1)]);
}
