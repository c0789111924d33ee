/** A report as Markdown: what the HTML page says, figures as their tables. */
import type { Block, ReportDocument, Table } from './document.ts';

export function markdownOf({ title, subtitle, sections, footer }: ReportDocument): string {
  const parts = [
    `# ${escaped(title)}`,
    escaped(subtitle),
    ...sections.flatMap((section) => [`## ${escaped(section.title)}`, ...section.blocks.map(blockMarkdown)]),
    '---',
    escaped(footer),
  ];
  return `${parts.join('\n\n')}\n`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'text':
      return escaped(block.text);
    case 'list':
      return block.items.map((item) => `* ${escaped(item)}`).join('\n');
    case 'command':
      return `\`\`\`sh\n${block.text.replaceAll('`', "'")}\n\`\`\``;
    case 'table':
      return tableMarkdown(block);
    case 'figure':
      return `${escaped(block.caption)}\n\n${tableMarkdown(block.table)}`;
  }
}

function tableMarkdown({ heading, rows, align }: Table): string {
  const line = (cells: string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(heading), `|${Array.from(align, (side) => (side === 'r' ? ' ---: |' : ' --- |')).join('')}`, ...rows.map(line)].join('\n');
}

/** Texts of users as texts. */
function escaped(content: string): string {
  return content.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|]/g, '\\$&');
}
