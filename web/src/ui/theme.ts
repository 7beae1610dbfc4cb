import { createTheme } from '@mantine/core';

/** The look of the product; a merchant's brand colour replaces the primary one. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: 'md',
  autoContrast: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', sans-serif",
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
});
