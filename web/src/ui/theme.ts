import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** The look of the product; a merchant's brand colour replaces the primary one. `close` names the cross of windows. */
export const themeFor = (close: string) => {
  const closable = { defaultProps: { closeButtonProps: { 'aria-label': close } } };
  // A <header> in a window would be a second banner of the page for screen readers.
  const plainHeader = { defaultProps: { component: 'div' } };
  return createTheme({
    primaryColor: 'teal',
    primaryShade: 9,
    defaultRadius: 'md',
    autoContrast: true,
    fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', sans-serif",
    headings: { fontWeight: '650' },
    cursorType: 'pointer',
    respectReducedMotion: true,
    components: {
      Modal: closable,
      Drawer: closable,
      Notification: closable,
      ModalHeader: plainHeader,
      DrawerHeader: plainHeader,
      // Focus goes to the first entry, as menus of systems do; a menu may hold nothing but entries.
      Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    },
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
    '--mantine-color-orange-light-color': '#8a3a00',
    '--mantine-color-orange-text': '#9c3c06',
    '--mantine-color-yellow-light-color': '#7a4a00',
    '--mantine-color-green-light-color': '#1b6b2d',
    '--mantine-color-error': '#c92a2a',
  },
  dark: { '--mantine-color-dimmed': '#aeaeae', '--mantine-color-placeholder': '#a2a2a2', '--mantine-color-error': '#ff8787' },
});
