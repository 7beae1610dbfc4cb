/** The code that a merchant puts into their own page. */
import { direction } from '@/lib/i18n';

export interface Choice {
  readonly text: string;
  readonly background: string;
  readonly foreground: string;
  readonly language: string;
}

const FRAME_HEIGHT = 760;

const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => NAMES[sign] ?? '');

export const buttonStyle = ({ background, foreground }: Choice) => ({
  display: 'inline-block',
  padding: '14px 24px',
  borderRadius: '14px',
  background,
  color: foreground,
  font: '600 17px/1.3 system-ui,sans-serif',
  textDecoration: 'none',
});

/** Where the button leads: the page in the language of the site, counted as coming from it. */
export function buttonAddress(url: string, { language }: Choice): string {
  return `${url}?lang=${language}&utm_source=website&utm_medium=button`;
}

export function frameAddress(embedUrl: string, { language, background, foreground }: Choice): string {
  const query = new URLSearchParams({ lang: language, background: background.slice(1), foreground: foreground.slice(1), utm_source: 'website', utm_medium: 'frame' });
  return `${embedUrl}?${query.toString()}`;
}

export function buttonCode(url: string, choice: Choice): string {
  const style = Object.entries(buttonStyle(choice))
    .map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:${value}`)
    .join(';');
  const facing = `lang="${choice.language}" dir="${direction(choice.language)}"`;
  return `<a href="${escaped(buttonAddress(url, choice))}" ${facing}\n   style="${escaped(style)}">${escaped(choice.text)}</a>`;
}

export const frameCode = (embedUrl: string, choice: Choice): string =>
  `<iframe src="${escaped(frameAddress(embedUrl, choice))}"\n        title="${escaped(choice.text)}" loading="lazy"\n        style="width:100%;max-width:480px;height:${FRAME_HEIGHT}px;border:0;border-radius:16px"></iframe>`;

/** An origin as the API wants it, from what was pasted; the text itself when it is none. */
export function originOf(typed: string): string {
  const text = typed.trim();
  try {
    const found = new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
    return found.origin === 'null' ? text : found.origin;
  } catch {
    return text;
  }
}

/** What the script element is told, by its attributes. */
export const scriptData = (code: string, { text, language, background, foreground }: Choice): Readonly<Record<string, string>> => ({
  'data-link': code,
  'data-text': text,
  'data-lang': language,
  'data-background': background,
  'data-foreground': foreground,
});

/** The end of a short address: what a link is called outside. */
export const codeOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** The script lies beside the short addresses. */
export const scriptAddress = (url: string): string => url.replace(/j\/[^/]*$/, 'embed.js');

export function scriptCode(url: string, choice: Choice): string {
  const data = Object.entries(scriptData(codeOf(url), choice)).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `<script async src="${escaped(scriptAddress(url))}"\n        ${data.join('\n        ')}></script>`;
}
