/** The page of a panel, and its content policy: no source but the extension's own files, scripts by nonce, nothing inline. */

export interface PageParts {
  title: string;
  language: string;
  /** `webview.cspSource`. */
  source: string;
  nonce: string;
  script: string;
  styles: string[];
}

export function panelPage(parts: PageParts): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${parts.nonce}'`,
    `style-src ${parts.source}`,
    `font-src ${parts.source}`,
    `img-src ${parts.source}`,
  ].join('; ');
  const styles = parts.styles.map((href) => `<link rel="stylesheet" href="${escapeHtml(href)}">`);
  return page(parts, policy, styles, `<div id="app"></div>\n<script nonce="${parts.nonce}" src="${escapeHtml(parts.script)}"></script>`);
}

/** A page without scripts for a run that cannot be shown. */
export function messagePage(parts: Pick<PageParts, 'title' | 'language'>, message: string, hint: string | undefined): string {
  const body = [`<h1>${escapeHtml(parts.title)}</h1>`, `<p role="alert">${escapeHtml(message)}</p>`];
  if (hint !== undefined) body.push(`<p>${escapeHtml(hint)}</p>`);
  return page(parts, `default-src 'none'`, [], body.join('\n'));
}

function page(parts: Pick<PageParts, 'title' | 'language'>, policy: string, head: string[], body: string): string {
  return `<!DOCTYPE html>
<html lang="${escapeHtml(parts.language)}">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<title>${escapeHtml(parts.title)}</title>
${head.join('\n')}
</head>
<body>
${body}
</body>
</html>`;
}

/** For text and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}
