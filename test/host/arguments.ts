/** What the launcher takes from VS Code's command line; flags that mean nothing to the browser host are let pass. */
import { parseArgs } from 'node:util';
import path from 'node:path';

export interface LauncherArguments {
  /** The workspace folder. */
  folder: string;
  extensionDevelopmentPath: string;
  extensionTestsPath: string;
  userDataDir: string;
  extensionsDir: string;
  trustWorkspaces: boolean;
}

/** @throws Error naming the flag that is missing. */
export function parseLauncherArguments(argv: string[]): LauncherArguments {
  const { values, positionals } = parseArgs({
    args: argv,
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string' },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
      'disable-workspace-trust': { type: 'boolean' },
    },
  });
  const required = (name: string): string => {
    const value = values[name];
    if (typeof value !== 'string' || value === '') throw new Error(`The launcher needs --${name}=PATH`);
    return path.resolve(value);
  };
  if (positionals.length !== 1) throw new Error(`The launcher opens one folder, not ${positionals.length}: ${positionals.join(' ')}`);
  return {
    folder: path.resolve(positionals[0]),
    extensionDevelopmentPath: required('extensionDevelopmentPath'),
    extensionTestsPath: required('extensionTestsPath'),
    userDataDir: required('user-data-dir'),
    extensionsDir: required('extensions-dir'),
    trustWorkspaces: values['disable-workspace-trust'] === true,
  };
}
