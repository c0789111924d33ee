/**
 * Which Node runs our programs, and where they are. Training needs a real Node: inside VS Code's Electron, Dawn cannot
 * have the external array buffers it needs.
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { StarsseError } from '../protocol/errors.ts';

const OLDEST_MAJOR = 20;
/** Threads of Node's own pool where nothing else is said. */
const NODE_THREADS = 4;

export interface NodeProgram {
  path: string;
  /** Added to the environment of the child. */
  env: Record<string, string>;
  /** Said to the user when the choice costs something; null otherwise. */
  note: string | null;
}

/** What the choice depends on; the process's own outside tests. */
export interface NodeSurroundings {
  execPath: string;
  electron: boolean;
  /** Version of a program, or null when it cannot be started. */
  versionOf: (program: string) => Promise<string | null>;
}

/**
 * The user's choice, else the Node that runs this, else `node` on the PATH, else Electron as a Node.
 * @param chosen path from a setting or flag; undefined or empty chooses.
 * @throws StarsseError usage when the user's choice does not start or is too old.
 */
export async function findNode(chosen?: string, here: NodeSurroundings = surroundings()): Promise<NodeProgram> {
  if (chosen) {
    const version = await here.versionOf(chosen);
    if (version !== null && major(version) >= OLDEST_MAJOR) return { path: chosen, env: {}, note: null };
    const problem = version === null ? 'cannot be started' : `is version ${version}`;
    throw new StarsseError('usage', `Node at ${chosen} ${problem}`, { hint: `Give the path of a Node ${OLDEST_MAJOR} or newer, or leave it empty.` });
  }
  if (!here.electron) return { path: here.execPath, env: {}, note: null };
  const version = await here.versionOf('node');
  if (version !== null && major(version) >= OLDEST_MAJOR) return { path: 'node', env: {}, note: null };
  const found = version === null ? 'There is no Node on the PATH' : `The Node on the PATH is version ${version}`;
  return {
    path: here.execPath,
    env: { ELECTRON_RUN_AS_NODE: '1' },
    note: `${found}, so training runs on the editor's own, where WebGPU is not available. Install Node ${OLDEST_MAJOR} or newer, or set its path.`,
  };
}

/** Large pages for what a program asks of the C library of Linux: a training step of ResNet-18 at 112 x 112 became a tenth faster, one of ResNet-8 a twentieth. */
const LARGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

/**
 * What a program of ours is started with, and hands on to those that it starts. Node decodes images and reads files by four threads, read
 * when they are first needed; on more cores there are as many.
 */
export function childEnvironment({ env }: Pick<NodeProgram, 'env'>, own: NodeJS.ProcessEnv = process.env, cores: number = availableParallelism()): NodeJS.ProcessEnv {
  return { ...LARGE_PAGES, ...(cores > NODE_THREADS ? { UV_THREADPOOL_SIZE: String(cores) } : {}), ...own, ...env };
}

/** The file of one of our programs: beside this one, bundled or as a source. */
export function programFile(name: 'cli' | 'supervisor' | 'trainer'): string {
  // In a bundle __dirname is its folder. A source is an ES module and has none.
  if (typeof __dirname === 'string') return path.join(__dirname, `${name}.js`);
  return path.join(import.meta.dirname, `${name}.ts`);
}

/** Flags before the program's file: sources need no word about their being modules. */
export function programFlags(): string[] {
  return typeof __dirname === 'string' ? [] : ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--disable-warning=ExperimentalWarning'];
}

function surroundings(): NodeSurroundings {
  return { execPath: process.execPath, electron: process.versions.electron !== undefined, versionOf: nodeVersion };
}

async function nodeVersion(program: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 10_000, windowsHide: true });
    return /^v\d+\.\d+\.\d+/.test(stdout) ? stdout.trim() : null;
  } catch {
    return null;
  }
}

function major(version: string): number {
  return Number(/^v(\d+)/.exec(version)?.[1] ?? 0);
}
