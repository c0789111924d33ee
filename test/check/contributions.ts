/** What package.json offers to users, and which tests inside an editor name it. */

export interface Contributions {
  commands?: { command: string }[];
  views?: Record<string, { id: string }[]>;
  customEditors?: { viewType: string }[];
  taskDefinitions?: { type: string }[];
  languageModelTools?: { name: string }[];
}

/** Identifiers of everything that can be used, as tests write them. */
export function offered({ commands = [], views = {}, customEditors = [], taskDefinitions = [], languageModelTools = [] }: Contributions): string[] {
  return [
    ...commands.map(({ command }) => command),
    ...Object.values(views).flat().map(({ id }) => id),
    ...customEditors.map(({ viewType }) => viewType),
    ...taskDefinitions.map(({ type }) => type),
    ...languageModelTools.map(({ name }) => name),
  ];
}

/** What no source names between quotes, or as the last part of an address or a selector. */
export function unnamed(names: readonly string[], sources: readonly string[]): string[] {
  const text = sources.join('\n');
  return names.filter((name) => !new RegExp(`['"\`:]${name.replaceAll('.', '\\.')}['"\`)]`).test(text));
}
