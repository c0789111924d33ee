/** A report before it is HTML or Markdown: sections of blocks. Every text in it is plain; who writes it out escapes it. */

export interface Table {
  kind: 'table';
  heading: string[];
  rows: string[][];
  /** One letter a column, `l` or `r`. */
  align: string;
  /** A colour behind each cell, 0 (none) to 1; null for none. In HTML only. */
  shades?: (number | null)[][];
}
export interface Figure {
  kind: 'figure';
  /** From our own drawing functions, which escape what they are given. */
  svg: string;
  caption: string;
  /** What the figure shows, as a table: for readers who do not see it, and for Markdown. */
  table: Table;
}
export type Block = { kind: 'text'; text: string } | { kind: 'list'; items: string[] } | { kind: 'command'; text: string } | Table | Figure;

export interface Section {
  title: string;
  blocks: Block[];
}
export interface ReportDocument {
  title: string;
  subtitle: string;
  sections: Section[];
  footer: string;
}

export function text(content: string): Block {
  return { kind: 'text', text: content };
}
export function list(items: string[]): Block {
  return { kind: 'list', items };
}
/** How to get what is missing. */
export function command(content: string): Block {
  return { kind: 'command', text: content };
}
export function table(heading: string[], rows: string[][], align: string, shades?: Table['shades']): Table {
  return { kind: 'table', heading, rows, align, ...(shades === undefined ? {} : { shades }) };
}
