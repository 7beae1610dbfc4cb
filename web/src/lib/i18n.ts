/** Languages: one namespace per feature or shared part of pages, loaded when it is first shown. */
import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['en', 'fr', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

type Texts = Record<string, unknown>;
const files = import.meta.glob<{ default: Texts }>([
  '../locales/*.json',
  '../ui/*/locales/*.json',
  '../features/*/locales/*.json',
]);

const placesOf = (namespace: string): readonly string[] =>
  namespace === 'common' ? ['..'] : [`../features/${namespace}`, `../ui/${namespace}`];

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read(language, namespace, done) {
    const load = placesOf(namespace)
      .map((place) => files[`${place}/locales/${language}.json`])
      .find(Boolean);
    if (!load) {
      done(new Error(`No texts of ${namespace} in ${language}`), null);
      return;
    }
    load().then(
      (module) => done(null, language === 'fr' ? spaced(module.default) : module.default),
      (fault: unknown) => done(fault instanceof Error ? fault : new Error(String(fault)), null),
    );
  },
};

/** French puts a space before its high signs and inside its quotation marks, at which no line may end. */
export const spaced = (texts: Texts): Texts =>
  JSON.parse(JSON.stringify(texts).replaceAll('« ', '«\u00a0').replace(/ ([:;?!»])/g, '\u00a0$1')) as Texts;

const STORED = 'passerelle.language';

/** The language chosen in this browser, or the first of the browser's own that we speak. */
function preferred(): Language {
  for (const tag of [localStorage.getItem(STORED), ...navigator.languages]) {
    const known = LANGUAGES.find((language) => language === tag?.slice(0, 2));
    if (known) return known;
  }
  return 'en';
}

export function direction(language: string): 'rtl' | 'ltr' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

export const i18n = i18next.createInstance();
export const i18nReady = i18n
  .use(backend)
  .use(initReactI18next)
  .init({
    lng: preferred(),
    fallbackLng: 'en',
    supportedLngs: LANGUAGES,
    ns: ['common'],
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    react: { useSuspense: true },
  });

i18n.on('languageChanged', applyLanguage);
applyLanguage(i18n.language);

export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  await i18n.changeLanguage(language);
}

export const currentLanguage = (): Language => LANGUAGES.find((known) => known === i18n.language) ?? 'en';

function applyLanguage(language: string): void {
  document.documentElement.lang = language;
  document.documentElement.dir = direction(language);
}
