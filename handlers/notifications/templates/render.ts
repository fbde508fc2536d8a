import { type Channel, TEMPLATES, type TemplateData, type TemplateName } from '../../../lib/catalog/index.ts';
import { PermanentError } from '../../../lib/errors.ts';
import { LANGUAGES, type LanguageTag, languageFor } from './languages.ts';
import { htmlLetter, textLetter } from './layout.ts';
import type { Help, Wording } from './wording.ts';

/** A message as each channel takes it. */
export interface Rendered {
  readonly email: { readonly subject: string; readonly text: string; readonly html: string };
  readonly sms: { readonly text: string };
  readonly webhook: { readonly title: string; readonly body: string; readonly url: string | null };
  readonly 'in-app': { readonly title: string; readonly body: string; readonly url: string | null };
}

/** Where links of a message lead. */
export interface Links {
  /** Base of the product's pages. */
  readonly appUrl: string;
  readonly unsubscribeUrl?: string | undefined;
}

/** Characters of one datum; what somebody has pasted into a name must not become a page. */
const DATUM_LENGTH = 1_000;
/** Characters of an SMS: two or three parts of it, which is what people still read. */
const SMS_LENGTH = 300;

/**
 * The data of a template, in one line each and without control characters.
 *
 * @throws PermanentError INVALID_EVENT that names the missing fields
 */
export const filled = <Name extends TemplateName>(
  template: Name,
  data: Readonly<Record<string, string>>,
): TemplateData<Name> => {
  const missing = TEMPLATES[template].filter((field) => !Object.hasOwn(data, field));
  const clean = Object.fromEntries(Object.entries(data).map(([field, text]) => [field, cleaned(text)]));
  if (!isFilled(template, clean)) {
    throw new PermanentError('INVALID_EVENT', `The template ${template} needs ${missing.join(', ')} in data.`, {
      next: 'lib/catalog/templates.ts lists what each template takes',
    });
  }
  return clean;
};

const isFilled = <Name extends TemplateName>(
  template: Name,
  data: Readonly<Record<string, string>>,
): data is Readonly<Record<string, string>> & TemplateData<Name> =>
  TEMPLATES[template].every((field) => Object.hasOwn(data, field));

/** Without line breaks, controls and halves of characters: nothing that ends a header line, or turns what follows around. */
const cleaned = (text: string): string =>
  cut(text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim(), DATUM_LENGTH);

const cut = (text: string, length: number): string => {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 3).join('')}...`;
};

/**
 * A filled template in the language of a locale, for every channel.
 *
 * @throws PermanentError INVALID_EVENT when a datum that is a link is none
 */
export const render = <Name extends TemplateName>(
  template: Name,
  data: TemplateData<Name>,
  locale: string,
  { appUrl, unsubscribeUrl }: Links,
): Rendered => {
  const language = languageFor(locale);
  const { words, footer, unsubscribe } = LANGUAGES[language];
  const wording: Wording = words[template](data, helpFor(language, appUrl, template));
  const parts = { wording, language, footer, unsubscribe, unsubscribeUrl };
  const brief = { title: wording.subject, body: wording.short, url: wording.action?.url ?? null };
  return {
    email: { subject: cut(wording.subject, 200), text: textLetter(parts), html: htmlLetter(parts) },
    sms: { text: cut(wording.short, SMS_LENGTH) },
    webhook: brief,
    'in-app': brief,
  } satisfies Record<Channel, unknown>;
};

const helpFor = (language: LanguageTag, appUrl: string, template: TemplateName): Help => ({
  link: (...path) => `${appUrl}/${path.map(encodeURIComponent).join('/')}`,
  day: (time) => {
    const at = Date.parse(time);
    // In UTC: the user's own time zone is not known.
    return Number.isNaN(at)
      ? time
      : new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
  },
  foreign: (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
    throw new PermanentError('INVALID_EVENT', `The template ${template} needs an http or https address as its link.`);
  },
});
