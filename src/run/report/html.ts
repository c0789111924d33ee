/** A report as one HTML page that needs nothing else: no script, no font, no network. */
import type { Block, ReportDocument, Section, Table } from './document.ts';
import { STYLE } from './style.ts';

export function htmlOf({ title, subtitle, sections, footer }: ReportDocument): string {
  const contents = sections.map((section, index) => `<li><a href="#section-${index + 1}">${escaped(section.title)}</a></li>`).join('');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    // Whatever names of classes and files hold, the page runs and fetches nothing.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<header><h1>${escaped(title)}</h1><p>${escaped(subtitle)}</p></header>`,
    `<nav aria-label="Contents"><ol>${contents}</ol></nav>`,
    '<main>',
    ...sections.map(sectionHtml),
    '</main>',
    `<footer>${escaped(footer)}</footer>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function sectionHtml({ title, blocks }: Section, index: number): string {
  return `<section id="section-${index + 1}"><h2>${escaped(title)}</h2>\n${blocks.map(blockHtml).join('\n')}\n</section>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'command':
      return `<pre>${escaped(block.text)}</pre>`;
    case 'table':
      return tableHtml(block);
    case 'figure':
      return `<figure>${block.svg}<figcaption>${escaped(block.caption)}</figcaption><details><summary>As a table</summary>${tableHtml(block.table)}</details></figure>`;
  }
}

function tableHtml({ heading, rows, align, shades }: Table): string {
  const side = (column: number): string => (align[column] === 'r' ? ' class="number"' : '');
  const head = heading.map((cell, column) => `<th scope="col"${side(column)}>${escaped(cell)}</th>`).join('');
  const body = rows.map((cells, row) => {
    const shade = (column: number): string => {
      const value = shades?.[row]?.[column] ?? null;
      return value === null ? '' : ` style="--shade: ${Math.round(100 * Math.min(1, Math.max(0, value)))}%"`;
    };
    return `<tr>${cells.map((cell, column) => (column === 0 ? `<th scope="row"${side(column)}>${escaped(cell)}</th>` : `<td${side(column)}${shade(column)}>${escaped(cell)}</td>`)).join('')}</tr>`;
  });
  return `<div class="table"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as text, in HTML and in SVG. */
export function escaped(content: string): string {
  return content.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]);
}
