/** The recorded values of a fact: what each is called, how it is read, and which page shows what it names. */

/** An id as the API writes it, `cus_01k9…`: the 128 bits of a UUID in 26 letters (see passerelle/kit/ids.py). */
export function wireId(prefix: string, uuid: string): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let letters = '';
  for (let place = 0; place < 26; place += 1) {
    letters = (alphabet[Number(rest & 31n)] ?? '') + letters;
    rest >>= 5n;
  }
  return `${prefix}_${letters}`;
}

const CUSTOMER = { prefix: 'cus', page: '/customers/' };
/** Things that have a page of their own, by the name under which facts know them. */
const PAGES: Readonly<Record<string, { readonly prefix: string; readonly page: string; readonly only?: boolean }>> = {
  customer_id: CUSTOMER,
  merged_customer_id: CUSTOMER,
  other_customer_id: CUSTOMER,
  operator_id: { prefix: 'opr', page: '/team', only: true },
  invitation_id: { prefix: 'inv', page: '/team', only: true },
  api_key_id: { prefix: 'key', page: '/settings/keys', only: true },
  location_id: { prefix: 'loc', page: '/settings/locations', only: true },
  kiosk_id: { prefix: 'ksk', page: '/distribution/kiosks', only: true },
  program_id: { prefix: 'prg', page: '/programs/' },
  template_id: { prefix: 'tpl', page: '/designs/' },
  campaign_id: { prefix: 'ccm', page: '/coupons/' },
  reward_id: { prefix: 'rwd', page: '/rewards/edit/' },
  gift_card_id: { prefix: 'gft', page: '/gift-cards/cards/' },
  product_id: { prefix: 'gcp', page: '/gift-cards/products/' },
  join_link_id: { prefix: 'lnk', page: '/distribution/links/' },
  handout_link_id: { prefix: 'hol', page: '/distribution/offers/' },
  import_id: { prefix: 'imp', page: '/customers/imports/' },
};

export type Detail =
  | { readonly name: string; readonly kind: 'thing'; readonly id: string; readonly page: string }
  | { readonly name: string; readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly name: string; readonly kind: 'number'; readonly number: number }
  | { readonly name: string; readonly kind: 'money'; readonly minor: number; readonly currency: string | null }
  | { readonly name: string; readonly kind: 'instant'; readonly instant: string }
  | { readonly name: string; readonly kind: 'yesNo'; readonly yes: boolean };

/** What there is to tell; ids of things without a page are left to the record itself. */
export function detailsOf(payload: Readonly<Record<string, unknown>>): Detail[] {
  const currency = typeof payload.currency === 'string' ? payload.currency : null;
  return Object.entries(payload).flatMap(([name, value]): Detail[] => {
    if (name === 'currency' || value === null || value === '') return [];
    if (name.endsWith('_id') && name !== 'issuer_id') return typeof value === 'string' ? thing(name, value) : [];
    if (typeof value === 'boolean') return [{ name, kind: 'yesNo', yes: value }];
    if (typeof value === 'number') {
      return [name.endsWith('_minor') ? { name, kind: 'money', minor: value, currency } : { name, kind: 'number', number: value }];
    }
    if (typeof value === 'string') {
      return [/^\d{4}-\d\d-\d\dT\d\d:/.test(value) ? { name, kind: 'instant', instant: value } : { name, kind: 'words', words: [value] }];
    }
    if (Array.isArray(value)) return value.length === 0 ? [] : [{ name, kind: 'words', words: value.map(String) }];
    const pairs = Object.entries(value as Record<string, unknown>);
    return pairs.length === 0 ? [] : [{ name, kind: 'words', words: pairs.map(([key, of]) => `${key}: ${String(of)}`) }];
  });
}

function thing(name: string, uuid: string): Detail[] {
  const known = PAGES[name];
  if (!known || !/^[0-9a-f-]{36}$/.test(uuid)) return [];
  const id = wireId(known.prefix, uuid);
  return [{ name, kind: 'thing', id, page: known.only ? known.page : `${known.page}${id}` }];
}
