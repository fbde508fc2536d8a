import { de } from './de/index.ts';
import { en } from './en/index.ts';
import type { Language } from './wording.ts';

/** By BCP 47 tag, in lower case. */
export const LANGUAGES = { en, de } as const satisfies Record<string, Language>;

export type LanguageTag = keyof typeof LANGUAGES;

const isLanguage = (tag: string): tag is LanguageTag => Object.hasOwn(LANGUAGES, tag);

/**
 * The language for a locale: "Lookup" of RFC 4647, section 3.4. The tag is shortened from its end until a language is found;
 * a single letter or digit that would then stand last goes with it.
 *
 * @param locale BCP 47; what is no such tag, or no language of ours, is taken for English
 */
export const languageFor = (locale: string): LanguageTag => {
  let subtags = locale.toLowerCase().split('-');
  while (subtags.length > 0) {
    const tag = subtags.join('-');
    if (isLanguage(tag)) return tag;
    subtags = subtags.slice(0, -1);
    if (subtags.at(-1)?.length === 1) subtags = subtags.slice(0, -1);
  }
  return 'en';
};
