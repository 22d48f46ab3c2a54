// The language on the screen: chosen in the address or kept in the browser, else the host's, else the browser's own.

import { useSyncExternalStore } from 'react';

/**
 * The languages there are: what they call themselves, how dates are written ("9 Sep" can be read everywhere, "9/8"
 * cannot), and the family of tags that they are chosen for ("zh-CN", "zh_TW").
 */
export const LANGUAGES = {
  en: { name: 'English', dates: 'en-GB', family: 'en' },
  'zh-Hans': { name: '中文', dates: 'zh-Hans', family: 'zh' },
} as const;
export type Language = keyof typeof LANGUAGES;
export const ALL_LANGUAGES = Object.keys(LANGUAGES) as Language[];

const PARAMETER = 'lang';
const KEY = 'isotherm.language';

let current: Language = 'en';
const listeners = new Set<() => void>();

/** The language that a tag such as "zh-CN" asks for; null for one that is not spoken here. */
export function languageOf(tag: string | null | undefined): Language | null {
  const [family] = (tag ?? '').toLowerCase().split(/[-_]/);
  return ALL_LANGUAGES.find((language) => LANGUAGES[language].family === family) ?? null;
}

function kept(): Language | null {
  try {
    return languageOf(window.localStorage.getItem(KEY));
  } catch {
    return null; // Storage can be forbidden; then the host or the browser decides.
  }
}

function keep(language: Language): void {
  try {
    window.localStorage.setItem(KEY, language);
  } catch {
    // The choice then lasts as long as the page.
  }
}

/**
 * Speak what the address ("?lang=zh-Hans") or an earlier choice asks for, else what the host does, else the browser.
 * Called once before anything is drawn; Grafana's pages pass `config.bootData.user.language`.
 */
export function beginLanguage(host?: string): void {
  const asked = languageOf(new URLSearchParams(window.location.search).get(PARAMETER));
  if (asked) {
    keep(asked);
  }
  const wanted = [asked, kept(), languageOf(host), ...navigator.languages.map(languageOf)];
  speak(wanted.find((language) => language !== null) ?? 'en');
}

/** Choose a language by hand; the choice is kept in the browser. */
export function chooseLanguage(language: Language): void {
  keep(language);
  speak(language);
}

function speak(language: Language): void {
  current = language;
  listeners.forEach((changed) => changed());
}

/** The tags for Intl: of numbers and plurals, and of dates. */
export const locale = (): string => current;
export const dateLocale = (): string => LANGUAGES[current].dates;

/** The language now; what depends on it is to be drawn anew when it changes (`<Screen key={language} />`). */
export const useLanguage = (): Language =>
  useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => current
  );

/** One text in all languages; a key that one of them lacks does not compile. What is read is in the language now. */
export function spoken<T extends object>(versions: Record<Language, T>): T {
  return new Proxy(versions.en, { get: (_, key) => Reflect.get(versions[current], key) });
}
