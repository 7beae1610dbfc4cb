import { useEffect, useRef } from 'react';

import type { JoinLink } from '../requests';

import { type Choice, codeOf, scriptAddress, scriptData } from './code';

/** The script itself, run in this page: what it makes is what the merchant's visitors get. */
export function ScriptTrial({ link, choice }: { readonly link: JoinLink; readonly choice: Choice }) {
  const place = useRef<HTMLDivElement>(null);
  const { text, language, background, foreground } = choice;
  useEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    const script = document.createElement('script');
    script.src = new URL(scriptAddress(link.url)).pathname;
    for (const [name, value] of Object.entries(scriptData(codeOf(link.url), { text, language, background, foreground }))) script.setAttribute(name, value);
    host.append(script);
    return () => host.replaceChildren();
  }, [link.url, text, language, background, foreground]);
  return <div ref={place} data-testid="script-trial" />;
}
