/** The theme from VS Code's variables and classes; everything in the DOM uses the same variables through CSS. */
import { hexOf, parseColour } from './colour.ts';
import { SERIES, seriesColours } from './palette.ts';
import type { Theme } from './theme.ts';

/** Reads the variables and sets `--series-0` ... on `root`, so that the DOM has the colours of the canvas. */
export function readTheme(root: HTMLElement): Theme {
  const style = getComputedStyle(document.documentElement);
  const variable = (name: string, otherwise: string): string => style.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const classes = document.body.classList;
  const highContrast = classes.contains('vscode-high-contrast');
  const dark = classes.contains('vscode-dark') || (highContrast && !classes.contains('vscode-high-contrast-light'));
  const foreground = variable('editor-foreground', dark ? '#cccccc' : '#202020');
  const background = variable('editor-background', dark ? '#1f1f1f' : '#ffffff');
  const series = seriesColours(background, highContrast, dark);
  for (let index = 0; index < SERIES; index++) root.style.setProperty(`--series-${index}`, series[index]);
  return {
    series,
    highContrast,
    background,
    foreground,
    neutral: hexOf(parseColour(foreground) ?? [0.5, 0.5, 0.5]),
    muted: variable('descriptionForeground', foreground),
    grid: variable(highContrast ? 'contrastBorder' : 'chart-guide', variable('panel-border', foreground)),
    popupBackground: variable('editorHoverWidget-background', background),
    popupForeground: variable('editorHoverWidget-foreground', foreground),
    popupBorder: variable('editorHoverWidget-border', foreground),
    fontFamily: variable('font-family', 'sans-serif'),
  };
}

/** VS Code changes a theme by the class of the body and the variables on the root element. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
