/** What leads people through the extension: walkthrough, empty views, keys, settings. */
export interface Guidance {
  commands: { command: string }[];
  keybindings: { command: string; when?: string }[];
  walkthroughs: { steps: { id: string; description: string; completionEvents: string[]; media: { svg: string; altText: string } }[] }[];
  viewsWelcome: { view: string; contents: string }[];
  configuration: { properties: Record<string, { description?: string; markdownDescription?: string; enum?: string[]; enumDescriptions?: string[] }> };
}

/**
 * Each fault as one line: a link to no command of ours, an event of none, a picture that is missing, a key that works everywhere, a setting
 * without words.
 * @param languages texts of package.nls.json and of its translations, by language
 */
export function guidanceFaults(guidance: Guidance, languages: Record<string, Record<string, string>>, isThere: (file: string) => boolean): string[] {
  const own = new Set(guidance.commands.map(({ command }) => command));
  const unknown = (command: string): boolean => command.startsWith('starsse.') && !own.has(command);
  const steps = guidance.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
  const texts = [...steps.map(({ description }) => description), ...guidance.viewsWelcome.map(({ contents }) => contents)].map((key) => key.replaceAll('%', ''));
  const links = (language: string, key: string): string[] => [...(languages[language][key] ?? '').matchAll(/\(command:([\w.]+)/g)].map(([, command]) => command);
  const settings = Object.entries(guidance.configuration.properties);
  return [
    ...Object.keys(languages).flatMap((language) => texts.flatMap((key) => links(language, key).filter(unknown).map((command) => `${language}: ${key} leads to ${command}, which is no command`))),
    ...Object.keys(languages).flatMap((language) => texts.filter((key) => links(language, key).join() !== links('en', key).join()).map((key) => `${language}: ${key} has other links than in English`)),
    ...steps.flatMap(({ id, completionEvents }) => completionEvents.map((event) => event.replace('onCommand:', '')).filter(unknown).map((command) => `the step ${id} waits for ${command}, which is no command`)),
    ...steps.filter(({ media }) => !isThere(media.svg)).map(({ id, media }) => `the step ${id} shows ${media.svg}, which is missing`),
    ...guidance.keybindings.filter(({ when = '' }) => !when.includes('starsse.')).map(({ command }) => `the key of ${command} works everywhere`),
    ...settings.filter(([, { description, markdownDescription }]) => description === undefined && markdownDescription === undefined).map(([name]) => `${name} has no description`),
    ...settings.filter(([, { enum: values = [], enumDescriptions = [] }]) => values.length !== enumDescriptions.length).map(([name]) => `${name} has values without descriptions`),
  ];
}
