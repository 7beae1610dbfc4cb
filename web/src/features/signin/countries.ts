/** What a country suggests for a shop: its currency, a time zone, a language of ours. Every one can be chosen otherwise. */
import { LANGUAGES, type Language } from '@/lib/i18n';

export interface Country {
  readonly code: string;
  readonly currency: string;
  readonly zone: string;
  readonly language: Language;
}

const TABLE = `
AE AED Asia/Dubai ar|AU AUD Australia/Sydney en|AT EUR Europe/Vienna en|BE EUR Europe/Brussels fr|BF XOF Africa/Ouagadougou fr
BH BHD Asia/Bahrain ar|BJ XOF Africa/Porto-Novo fr|BR BRL America/Sao_Paulo en|CA CAD America/Toronto en|CD CDF Africa/Kinshasa fr
CG XAF Africa/Brazzaville fr|CH CHF Europe/Zurich fr|CI XOF Africa/Abidjan fr|CM XAF Africa/Douala fr|CY EUR Asia/Nicosia en
CZ CZK Europe/Prague en|DE EUR Europe/Berlin en|DK DKK Europe/Copenhagen en|DZ DZD Africa/Algiers ar|EE EUR Europe/Tallinn en
EG EGP Africa/Cairo ar|ES EUR Europe/Madrid en|FI EUR Europe/Helsinki en|FR EUR Europe/Paris fr|GA XAF Africa/Libreville fr
GB GBP Europe/London en|GN GNF Africa/Conakry fr|GR EUR Europe/Athens en|HR EUR Europe/Zagreb en|HU HUF Europe/Budapest en
IE EUR Europe/Dublin en|IN INR Asia/Kolkata en|IQ IQD Asia/Baghdad ar|IT EUR Europe/Rome en|JO JOD Asia/Amman ar
JP JPY Asia/Tokyo en|KW KWD Asia/Kuwait ar|LB LBP Asia/Beirut ar|LT EUR Europe/Vilnius en|LU EUR Europe/Luxembourg fr
LV EUR Europe/Riga en|LY LYD Africa/Tripoli ar|MA MAD Africa/Casablanca fr|MC EUR Europe/Monaco fr|MG MGA Indian/Antananarivo fr
ML XOF Africa/Bamako fr|MR MRU Africa/Nouakchott ar|MT EUR Europe/Malta en|MU MUR Indian/Mauritius fr|MX MXN America/Mexico_City en
NE XOF Africa/Niamey fr|NL EUR Europe/Amsterdam en|NO NOK Europe/Oslo en|NZ NZD Pacific/Auckland en|OM OMR Asia/Muscat ar
PL PLN Europe/Warsaw en|PT EUR Europe/Lisbon en|QA QAR Asia/Qatar ar|RE EUR Indian/Reunion fr|RO RON Europe/Bucharest en
SA SAR Asia/Riyadh ar|SE SEK Europe/Stockholm en|SI EUR Europe/Ljubljana en|SK EUR Europe/Bratislava en|SN XOF Africa/Dakar fr
SY SYP Asia/Damascus ar|TD XAF Africa/Ndjamena fr|TG XOF Africa/Lome fr|TN TND Africa/Tunis ar|TR TRY Europe/Istanbul en
US USD America/New_York en|YE YER Asia/Aden ar|ZA ZAR Africa/Johannesburg en`;

export const COUNTRIES: readonly Country[] = TABLE.trim()
  .split(/[|\n]/)
  .map((line) => {
    const [code = '', currency = '', zone = '', tag = ''] = line.split(' ');
    return { code, currency, zone, language: LANGUAGES.find((known) => known === tag) ?? 'en' };
  });

/** Where somebody probably is: by the clock of their computer, else by the region of its language. */
export function countryHere(zone: string, languages: readonly string[]): Country | undefined {
  const regions = languages.flatMap((tag) => /-([A-Z]{2})\b/.exec(tag)?.[1] ?? []);
  const of = (code: string) => COUNTRIES.find((country) => country.code === code);
  return COUNTRIES.find((country) => country.zone === zone) ?? regions.map(of).find(Boolean);
}

/** By their names in the reader's language, in its order. */
export function named(language: string): { readonly value: string; readonly label: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'region' });
  const listed = COUNTRIES.map(({ code }) => ({ value: code, label: names.of(code) ?? code }));
  return listed.sort((one, other) => one.label.localeCompare(other.label, language));
}

export const CURRENCIES: readonly string[] = [...new Set(COUNTRIES.map(({ currency }) => currency))].sort();

/** The zones that a browser knows, and the one that it is in. */
export const zonesWith = (own: string): readonly string[] => [...new Set([own, ...Intl.supportedValuesOf('timeZone')])].sort();
