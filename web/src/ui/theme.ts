import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** The look of the product; a merchant's brand colour replaces the primary one. `close` names the cross of windows. */
export const themeFor = (close: string) => {
  const closable = { defaultProps: { closeButtonProps: { 'aria-label': close } } };
  return createTheme({
    primaryColor: 'teal',
    primaryShade: 9,
    defaultRadius: 'md',
    autoContrast: true,
    fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', sans-serif",
    headings: { fontWeight: '650' },
    cursorType: 'pointer',
    components: { Modal: closable, Drawer: closable },
  });
};

/** Quiet texts that can still be read (WCAG 2.2, 1.4.3: 4.5 to 1), on the page and on its tinted parts. */
export const readableVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a6168',
    '--mantine-color-placeholder': '#697077',
    '--mantine-color-teal-light-color': '#066649',
    '--mantine-primary-color-light-color': '#066649',
  },
  dark: { '--mantine-color-dimmed': '#aeaeae', '--mantine-color-placeholder': '#a2a2a2' },
});
