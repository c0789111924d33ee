import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Nothing between the eye and the extension: no welcome page, no chat, no tips. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'window.commandCenter': false,
};

/** `dataFolder` is the server's. */
export function userSettingsFile(dataFolder: string): string {
  return path.join(dataFolder, 'data/User/settings.json');
}

/** Replaces the user's settings of a server. */
export function writeUserSettings(dataFolder: string, settings: Record<string, unknown> = {}): void {
  const file = userSettingsFile(dataFolder);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...QUIET, ...settings }, null, 2));
}
