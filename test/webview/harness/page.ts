/**
 * A built panel in a real Chromium, inside the page and the content policy that the extension gives it. The editor
 * is played by the test: `sent` holds what the view posted, `post` is what the host posts.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { panelPage } from '../../../src/extension/pages/page.ts';
import type { PageName } from '../../../src/extension/pages/showPage.ts';
import themes from './themes.json' with { type: 'json' };

export type ThemeName = keyof typeof themes;
const ORIGIN = 'http://panel.test';
const BUILT = path.resolve(import.meta.dirname, '../../../dist/webview');
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/** As VS Code lays them under every webview. */
const EDITOR_STYLES = `@layer vscode-default { body { background-color: transparent; color: var(--vscode-editor-foreground);
  font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); } }
  html { background: var(--vscode-editor-background); }`;

/** Runs before the page's own scripts, as VS Code's does: the API object, and what must never happen, on record. */
const EDITOR_SCRIPT = `{
  let state;
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.toHost(message),
    getState: () => state ?? JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
    setState: (next) => { state = next; sessionStorage.setItem('state', JSON.stringify(next)); },
  });
}`;

export interface OpenPanel<ToHost, ToView> {
  page: Page;
  sent: ToHost[];
  /** Errors of the page and of its console. */
  problems: string[];
  post(...messages: ToView[]): Promise<void>;
  setTheme(theme: ThemeName): Promise<void>;
  violations(): Promise<string[]>;
  /** As when a hidden webview is shown again: everything but the saved state is gone. */
  reload(): Promise<void>;
}

export interface PanelOptions<ToHost, ToView> {
  theme?: ThemeName;
  width?: number;
  height?: number;
  language?: string;
  /** What an earlier view left. */
  saved?: object;
  /** Answers each message of the view; without it the test reads `sent`. */
  onMessage?: (message: ToHost) => ToView[];
}

export async function openPanel<ToHost, ToView>(browser: Browser, name: PageName, options: PanelOptions<ToHost, ToView> = {}): Promise<OpenPanel<ToHost, ToView>> {
  const { theme = 'dark', width = 1400, height = 1000, language = 'en', saved, onMessage } = options;
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(10_000);
  const sent: ToHost[] = [];
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  const post = async (...messages: ToView[]): Promise<void> => {
    for (const message of messages) await page.evaluate(`window.postMessage(${JSON.stringify(message)})`);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  };
  await page.exposeFunction('toHost', (message: ToHost) => {
    sent.push(message);
    const answers = onMessage?.(message) ?? [];
    if (answers.length === 0) return;
    // An answer may come too late for a test that is over.
    void post(...answers).catch((error: unknown) => {
      if (!page.isClosed()) throw error;
    });
  });
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: html(name, language) });
    if (pathname === '/editor.css') return route.fulfill({ contentType: 'text/css', body: EDITOR_STYLES });
    return route.fulfill({ contentType: TYPES[path.extname(pathname)], body: readFileSync(path.join(BUILT, path.basename(pathname))) });
  });
  await page.addInitScript(EDITOR_SCRIPT);
  if (saved !== undefined) await page.addInitScript(`sessionStorage.getItem('state') ?? sessionStorage.setItem('state', ${JSON.stringify(JSON.stringify(saved))});`);
  const setTheme = async (name: ThemeName): Promise<void> => {
    await page.evaluate(themeScript(name));
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  };
  const reload = async (): Promise<void> => {
    await post(); // what was just done is saved within a frame
    await page.reload();
  };
  await page.addInitScript(`document.addEventListener('DOMContentLoaded', () => { ${themeScript(theme)} });`);
  await page.goto(`${ORIGIN}/`);
  return { page, sent, problems, post, setTheme, violations: () => page.evaluate<string[]>('window.violations'), reload };
}

function html(name: PageName, language: string): string {
  return panelPage({
    title: name, language, source: ORIGIN, nonce: 'bm9uY2U', script: `${ORIGIN}/${name}.js`, styles: [`${ORIGIN}/editor.css`, `${ORIGIN}/${name}.css`],
  });
}

/** What VS Code does when the theme changes. */
function themeScript(name: ThemeName): string {
  const { themeId, themeKind, bodyClass, variables } = themes[name];
  return `{
    const style = document.documentElement.style;
    for (const name of [...style]) if (name.startsWith('--vscode-')) style.removeProperty(name);
    for (const [name, value] of Object.entries(${JSON.stringify(variables)})) style.setProperty(name, value);
    document.body.className = ${JSON.stringify(bodyClass)};
    document.body.dataset.vscodeThemeKind = ${JSON.stringify(themeKind)};
    document.body.dataset.vscodeThemeId = ${JSON.stringify(themeId)};
  }`;
}
