/** A VS Code with the packed extension installed, and a page that shows it. Ends as a whole. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../host/chromium.ts';
import { installVsix, packedVsix } from '../host/installed.ts';
import { writeLanguagePack } from '../host/language-pack.ts';
import { startServer } from '../host/server.ts';
import { writeUserSettings } from '../host/user-settings.ts';
import { tabsAreKept } from './kept-tabs.ts';
import { THEMES, type Theme } from './themes.ts';

/** A cold start on a busy machine takes half a minute and more. */
const START_MS = 90_000;
/** VS Code's page around a webview throws this, to nobody's harm, when another takes the webview's place while it loads. */
const LOST_FRAME = /^Error: Found unexpected null\n.*\/webview\/browser\/pre\/index\.html/;
/** Searching files waits for the extensions' process. */
const ANSWER_MS = 60_000;

export interface Editor {
  page: Page;
  /** Changes the theme and waits until the page has it. */
  useTheme(theme: Theme): Promise<void>;
  /** Reloads the window, as F5 does, and waits for the workbench. */
  reload(): Promise<void>;
  /** What the page threw. */
  pageErrors: string[];
  close(): Promise<void>;
}

export interface EditorOptions {
  settings?: Record<string, unknown>;
  trustWorkspaces?: boolean;
  viewport?: { width: number; height: number };
  /** Display language, zh-cn; the workbench's own words stay English. */
  language?: string;
}

/** Opens `workspace` (absolute; its .vscode/settings.json is replaced) in the light theme. */
export async function openEditor(workspace: string, options: EditorOptions = {}): Promise<Editor> {
  const { settings = {}, trustWorkspaces = true, viewport = { width: 1440, height: 900 }, language } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'starsse-e2e-'));
  const folders = { dataFolder: path.join(folder, 'data'), extensionsFolder: path.join(folder, 'extensions') };
  writeUserSettings(folders.dataFolder, settings);
  if (language !== undefined) writeLanguagePack(folders.dataFolder, language);
  writeTheme(workspace, 'light');
  installVsix(packedVsix(), folders);
  const server = await startServer({ ...folders, trustWorkspaces, language });
  const browser = await launchChromium();
  const close = async () => {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    // Whatever turns all the time takes a processor of a machine without a GPU.
    const page = await browser.newPage({ viewport, reducedMotion: 'reduce' });
    page.setDefaultTimeout(ANSWER_MS);
    const pageErrors: string[] = [];
    page.on('pageerror', (error) => {
      const thrown = error.stack ?? String(error);
      if (!LOST_FRAME.test(thrown)) pageErrors.push(thrown);
    });
    await page.goto(server.address(workspace), { timeout: START_MS });
    await workbench(page);
    return {
      page,
      pageErrors,
      close,
      async useTheme(theme) {
        writeTheme(workspace, theme);
        await page.locator(`.monaco-workbench.${THEMES[theme].bodyClass}`).waitFor();
      },
      async reload() {
        await tabsAreKept(page);
        await page.reload({ timeout: START_MS });
        await workbench(page);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Into the workspace's settings, whose changes the window follows; it sees the user's only when it loads. */
function writeTheme(workspace: string, theme: Theme): void {
  const folder = path.join(workspace, '.vscode');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'settings.json'), JSON.stringify({ 'workbench.colorTheme': THEMES[theme].setting }));
}

async function workbench(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.activitybar').waitFor({ timeout: START_MS });
}
