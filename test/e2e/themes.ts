/** The four kinds of theme, by VS Code's own names. */
export const THEMES = {
  light: { setting: 'Light 2026', bodyClass: 'vs' },
  dark: { setting: 'Dark 2026', bodyClass: 'vs-dark' },
  'high-contrast': { setting: 'Default High Contrast', bodyClass: 'hc-black' },
  'high-contrast-light': { setting: 'Default High Contrast Light', bodyClass: 'hc-light' },
} as const;

export type Theme = keyof typeof THEMES;
