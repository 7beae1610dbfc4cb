import { describe, expect, it } from 'vitest';

import { buttonCode, frameAddress, originOf, scriptCode } from './embed/code';
import { stateOf } from './kiosks/requests';
import { conversion } from './links/figures';
import { chosenOf, periodOf } from './period';
import { designOf, drawingOf, isWeak } from './poster/poster';
import { PLAIN, addressOf, warningsOf } from './qr/look';

describe('figures', () => {
  it('count whole days up to today in the zone of the shop', () => {
    expect(periodOf('7', 'Africa/Casablanca', new Date('2026-11-22T23:30:00Z'))).toEqual({ from: '2026-11-17', to: '2026-11-24' });
  });

  it.each([
    ['from=2026-03-01&to=2026-03-29', 'own', { from: '2026-03-01', to: '2026-03-29' }],
    ['days=7', '7', { from: '2026-11-16', to: '2026-11-23' }],
    ['', '30', { from: '2026-10-24', to: '2026-11-23' }],
    ['from=2026-03-29&to=2026-03-01&days=7', '7', { from: '2026-11-16', to: '2026-11-23' }],
    ['from=2026-02-30&to=2026-03-01', '30', { from: '2026-10-24', to: '2026-11-23' }],
    ['from=2020-01-01&to=2026-01-01', '30', { from: '2026-10-24', to: '2026-11-23' }],
  ])('of an address with %s are of %s', (search, choice, period) =>
    expect(chosenOf(new URLSearchParams(search), 'Europe/Paris', new Date('2026-11-22T12:00:00Z'))).toEqual({ choice, period }),
  );

  it.each([
    [{ viewed: 8, added: 2 }, 0.25],
    [{ viewed: 0, added: 0 }, null],
    [{ viewed: 1, added: 2 }, null],
    [undefined, null],
  ])('of %o convert to %s', (figures, share) => expect(conversion(figures)).toBe(share));
});

describe('a code', () => {
  it('of black on white is fine', () => expect(warningsOf(PLAIN)).toEqual([]));
  it.each([
    [{ dark: '#ffffff', light: '#000000' }, ['inverted']],
    [{ dark: '#c9a227', light: '#ffffff' }, ['weak']],
    [{ quiet: 1 }, ['quiet']],
    [{ logo: true }, ['level']],
    [{ logo: true, error: 'q' as const }, []],
  ])('with %o warns of %o', (change, warnings) => expect(warningsOf({ ...PLAIN, ...change })).toEqual(warnings));
  it('has its look in its address', () => expect(addressOf('/api/v1/links/lnk_1', 'png', PLAIN)).toContain('dark=%23000000'));
});

describe('a poster', () => {
  it('is drawn with everything said, so that what was kept does not show through', () => {
    const address = drawingOf('/api/v1/links/lnk_1', 'pdf', { ...designOf({}), headline: 'Café & co' });
    expect(address).toContain('headline=Caf%C3%A9+%26+co');
    expect(address).toContain('&text=&');
  });
  it('knows colours that cannot be read', () => {
    expect(isWeak('#ffffff', '#eeeeee')).toBe(true);
    expect(isWeak('#5b3a29', '#ffffff')).toBe(false);
  });
});

describe('code for a site', () => {
  const choice = { text: '<b>"Ma" carte</b>', background: '#5b3a29', foreground: '#ffffff', language: 'ar' };
  it('has what was typed as text alone', () => {
    const code = buttonCode('https://cards.example/j/k3v9d2qa', choice);
    expect(code).not.toContain('<b>');
    const page = document.createElement('div');
    page.innerHTML = code;
    expect(page.querySelector('a')?.textContent).toBe(choice.text);
    expect(page.querySelector('a')?.getAttribute('href')).toBe('https://cards.example/j/k3v9d2qa?lang=ar&utm_source=website&utm_medium=button');
    expect(page.querySelector('a')?.dir).toBe('rtl');
  });
  it('is a script element with what was typed in its attributes', () => {
    const page = document.createElement('div');
    page.innerHTML = scriptCode('https://cards.example/j/k3v9d2qa', choice);
    const script = page.querySelector('script');
    expect(script?.getAttribute('src')).toBe('https://cards.example/embed.js');
    expect(script?.dataset).toMatchObject({ link: 'k3v9d2qa', text: choice.text, lang: 'ar', background: '#5b3a29' });
    expect(page.children).toHaveLength(1);
  });
  it('frames the form in the colours', () => {
    expect(frameAddress('https://cards.example/j/k3v9d2qa/embed', choice)).toContain('lang=ar&background=5b3a29&foreground=ffffff');
  });
  it.each([
    ['https://cafe.example/menu?a=1', 'https://cafe.example'],
    ['cafe.example', 'https://cafe.example'],
    ['HTTPS://Cafe.Example:8443', 'https://cafe.example:8443'],
    ['not a site', 'not a site'],
  ])('allows %s as %s', (typed, origin) => expect(originOf(typed)).toBe(origin));
});

describe('a kiosk', () => {
  const kiosk = { id: 'ksk_1', name: 'Till', link_id: 'lnk_1', program_id: 'prg_1', location_id: null, language: null, seen_at: '2026-11-22T10:00:00Z', revoked_at: null, created_at: '2026-11-22T09:00:00Z' };
  const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);
  it('is on while it calls', () => {
    expect(stateOf(kiosk, at('10:05:00'))).toBe('on');
    expect(stateOf(kiosk, at('10:30:00'))).toBe('silent');
    expect(stateOf({ ...kiosk, seen_at: null }, at('10:00:00'))).toBe('never');
    expect(stateOf({ ...kiosk, revoked_at: '2026-11-22T10:01:00Z' }, at('10:02:00'))).toBe('closed');
  });
});
