/** What is left in English where a person reads another language. */
import type { Locator } from 'playwright-core';

/** What is asked of a node in the page; these programs are checked without the types of a browser. */
interface PageNode {
  nodeName: string;
  nodeValue: string | null;
  childNodes: Iterable<PageNode>;
  shadowRoot?: PageNode | null;
  getAttribute?(name: string): string | null;
}

/** Texts of a part of the page as they are written in it, also inside components, and what is read out or shown as a tooltip. */
export async function textsOf(part: Locator): Promise<string[]> {
  return await part.evaluate((element) => {
    const found = new Set<string>();
    const add = (text: string | null | undefined) => text && text.trim() !== '' && found.add(text.trim().replaceAll(/\s+/g, ' '));
    const visit = (node: PageNode): void => {
      if (node.nodeName === '#text') add(node.nodeValue);
      if (['SCRIPT', 'STYLE', '#comment'].includes(node.nodeName)) return;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) add(node.getAttribute?.(name));
      if (node.shadowRoot) visit(node.shadowRoot);
      for (const child of node.childNodes) visit(child);
    };
    visit(element as unknown as PageNode);
    return [...found];
  });
}

/** @param translated the other language's texts by their key, which in `english` has the English one; both with placeholders {0} */
export function englishAmong(shown: readonly string[], english: Record<string, string>, translated: Record<string, string>): string[] {
  const patterns = Object.entries(english).filter(([key, text]) => translated[key] !== text && /[A-Za-z]{3}/.test(text.replaceAll(/\{\d+\}/g, ''))).map(([, text]) => pattern(text));
  return shown.filter((text) => patterns.some((each) => each.test(text)));
}

function pattern(text: string): RegExp {
  const parts = text.trim().replaceAll(/\s+/g, ' ').split(/\{\d+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.+')}$`);
}
