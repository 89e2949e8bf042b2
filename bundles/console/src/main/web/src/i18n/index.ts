// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Wording } from '../api/types';
import { CLOCKS_CHANGED, startClocks } from '../ui/zone';
import en from './en.json';

export const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'de', name: 'Deutsch' },
] as const;

const STORED = 'nxvms.language';

async function load(language: string): Promise<void> {
  if (language === 'de' && !i18next.hasResourceBundle('de', 'translation')) {
    const { default: de } = await import('./de.json');
    i18next.addResourceBundle('de', 'translation', de);
  }
}

const isKnown = (language: string | null): language is string =>
  LANGUAGES.some(({ code }) => code === language);

export async function setLanguage(language: string): Promise<void> {
  localStorage.setItem(STORED, language);
  await show(language);
}

async function show(language: string): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  tellDocument(language);
}

export async function startI18n(): Promise<void> {
  startClocks();
  const wanted = localStorage.getItem(STORED) ?? navigator.language.slice(0, 2);
  const language = isKnown(wanted) ? wanted : 'en';
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en } },
    lng: 'en',
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { bindI18n: `languageChanged ${CLOCKS_CHANGED}` },
  });
  await show(language);
  // The walls and players of one desk stand in several windows: they speak one language.
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === STORED && isKnown(newValue) && newValue !== i18next.language) {
      void show(newValue);
    }
  });
}

/** In which language the page is, and in which direction that is written. */
function tellDocument(language: string): void {
  document.documentElement.lang = language;
  document.documentElement.dir = i18next.dir(language);
}

/** The language of the console with the customs of where the browser is: 26/11/2026 or 11/26/2026. */
export function locale(): string {
  const { language } = i18next;
  const own = navigator.languages.find((one) => one.split('-')[0] === language);
  if (own) {
    return own;
  }
  const { region } = new Intl.Locale(navigator.language);
  return region ? `${language}-${region}` : language;
}

/** A text that came in several languages, in the one of the console. */
export function wording(texts: Wording): string {
  return texts[i18next.language] ?? texts.en ?? Object.values(texts)[0] ?? '';
}

/** The words for a server's enum value, or the value itself if this console does not know it yet. */
export function wordFor(group: string, value: string | undefined): string {
  if (!value) {
    return '';
  }
  const key = `${group}.${value.toLowerCase()}`;
  if (i18next.exists(key)) {
    return i18next.t(key);
  }
  // Roles that are not built in are named by people.
  return group === 'role' ? value : value.replaceAll('_', ' ').toLowerCase();
}
