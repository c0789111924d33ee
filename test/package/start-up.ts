/** The extension's bundle started under a stand-in for VS Code that only answers: what it does by itself at start-up is its own. */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface StartUp {
  /** Milliseconds to load the bundle, and to activate it. */
  loadMs: number;
  activateMs: number;
  /** What was begun until then and in the moment after: timers, reading of files, processes. */
  work: string[];
  /** Folders of the runs that it has found. */
  runs: string[];
  /** Calls a command. @returns the warnings that it shows */
  call(command: string): Promise<string[]>;
}

const MOMENT_MS = 100;

/** @param folders that are open; none for a window with nothing in it. @param scheme other than `file` for a virtual workspace */
export async function startUp(folders: string[], scheme = 'file'): Promise<StartUp> {
  const work: string[] = [];
  const commands = new Map<string, () => Promise<unknown>>();
  const warnings: string[] = [];
  const restore = [watch(globalThis, ['setTimeout', 'setInterval', 'setImmediate'], work), watch(fs.promises, ['readdir', 'readFile', 'stat', 'lstat', 'open', 'access', 'realpath'], work), watch(fs, ['readFileSync', 'readdirSync', 'statSync', 'watch'], work), watch(childProcess, ['spawn', 'execFile', 'fork'], work)];
  const loader = Module as unknown as { _load(name: string, ...more: unknown[]): unknown };
  const load = loader._load;
  loader._load = (name, ...more) => (name === 'vscode' ? standIn({ folders, scheme, commands, warnings }) : load(name, ...more));
  try {
    const bundle = path.resolve(import.meta.dirname, '../../dist/extension.js');
    const require = createRequire(import.meta.url);
    delete require.cache[bundle]; // with the stand-in of the last time
    const begun = performance.now();
    const extension = require(bundle) as { activate(context: unknown): { catalog: { entries: { folder: string }[]; refresh(): Promise<void> } } };
    const loaded = performance.now();
    work.length = 0; // how the bundle itself is read
    const { catalog } = extension.activate(answering({ extensionPath: path.dirname(path.dirname(bundle)), subscriptions: [], workspaceState: memory(), globalState: memory() }));
    const activated = performance.now();
    await wait(MOMENT_MS);
    const done = [...work];
    await catalog.refresh();
    const call = async (command: string): Promise<string[]> => {
      warnings.length = 0;
      await commands.get(command)!();
      return [...warnings];
    };
    return { loadMs: loaded - begun, activateMs: activated - loaded, work: done, runs: catalog.entries.map((entry) => entry.folder), call };
  } finally {
    loader._load = load;
    for (const undo of restore) undo();
  }
}

function memory(): object {
  return { get: (_: string, otherwise: unknown) => otherwise, update: () => Promise.resolve() };
}

interface World {
  folders: string[];
  scheme: string;
  /** What the extension registers. */
  commands: Map<string, () => Promise<unknown>>;
  /** What it warns of. */
  warnings: string[];
}

function standIn({ folders, scheme, commands, warnings }: World): unknown {
  return answering({
    l10n: { t: (text: string) => text, bundle: undefined },
    env: answering({ language: 'en' }),
    window: answering({ activeTextEditor: undefined, showWarningMessage: (text: string) => Promise.resolve(void warnings.push(text)), createTreeView: () => answering({ visible: false, selection: [] }) }),
    commands: answering({ registerCommand: (id: string, run: () => Promise<unknown>) => commands.set(id, run) }),
    workspace: answering({
      isTrusted: true,
      textDocuments: [],
      workspaceFolders: folders.length === 0 ? undefined : folders.map((fsPath, index) => ({ uri: { scheme, fsPath, path: fsPath }, name: path.basename(fsPath), index })),
      findFiles: () => Promise.resolve([]),
      getConfiguration: () => ({ get: (_: string, otherwise: unknown) => otherwise }),
    }),
    EventEmitter: class {
      event = () => ({ dispose: () => undefined });
      fire(): void {}
      dispose(): void {}
    },
  });
}

/** Answers every name with something that can be called, made and asked again; `known` names answer as they say. */
function answering(known: Record<string, unknown>): unknown {
  const answers = new Map<string | symbol, unknown>(Object.entries(known));
  return new Proxy(function () {}, {
    get(_, name) {
      if (answers.has(name)) return answers.get(name);
      if (name === 'then' || typeof name === 'symbol') return undefined;
      const answer = answering({});
      answers.set(name, answer);
      return answer;
    },
    set: (_, name, value) => answers.set(name, value).has(name),
    apply: () => answering({}),
    construct: () => answering({}) as object,
  });
}

/** @returns what ends the watch */
function watch(target: object, names: string[], work: string[]): () => void {
  const functions = target as Record<string, (...args: unknown[]) => unknown>;
  const before = new Map(names.map((name) => [name, functions[name]]));
  for (const [name, original] of before) {
    functions[name] = (...args) => {
      work.push(`${name} ${typeof args[0] === 'string' ? args[0] : ''}`.trim());
      return original.apply(target, args);
    };
  }
  return () => {
    for (const [name, original] of before) functions[name] = original;
  };
}
