/** Text that is to appear as it is, inside Markdown and inside its tables. Icons (`$(name)`) and links stay text too. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!|<>~$&]/g, '\\$&').replace(/\s*\r?\n\s*/g, ' ');
}
