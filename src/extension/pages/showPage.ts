import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { panelPage } from './page.ts';

/** The bundles of `webview-ui`: `<name>.js` and `<name>.css` of dist/webview. */
export type PageName = 'dashboard' | 'plan' | 'compose' | 'checkpoint' | 'compare';

/** Loads a bundle of the screen into a webview, which may read nothing but the extension's own files. */
export function showPage(webview: vscode.Webview, extensionUri: vscode.Uri, name: PageName, title: string): void {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const file = (base: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, base)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = panelPage({
    title,
    language: vscode.env.language,
    source: webview.cspSource,
    nonce: randomBytes(16).toString('base64url'),
    script: file(`${name}.js`),
    styles: [file(`${name}.css`)],
  });
}
