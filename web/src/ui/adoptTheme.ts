import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import { lookSheet, resolveVariables, theme } from './theme';

/**
 * Puts the theme's variables into a constructed style sheet. Mantine would
 * write them through `innerHTML` into a style element, which a strict content
 * security policy and Trusted Types both refuse.
 */
export function adoptTheme(): void {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const base = defaultCssVariablesResolver(merged);
  const own = resolveVariables(merged);
  const css = convertCssVariables(
    {
      variables: { ...base.variables, ...own.variables },
      light: { ...base.light, ...own.light, '--mantine-color-scheme': 'light' },
      dark: { ...base.dark, ...own.dark, '--mantine-color-scheme': 'dark' },
    },
    ':root',
  );
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css + lookSheet());
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
