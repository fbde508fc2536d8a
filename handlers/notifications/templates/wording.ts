import type { TemplateData, TemplateName } from '../../../lib/catalog/index.ts';

/** What a user is told, in one language, as plain text: the layout of the channel escapes it. */
export interface Wording {
  /** Subject of the e-mail, title in the app. */
  readonly subject: string;
  /** The paragraphs of the e-mail. */
  readonly paragraphs: readonly string[];
  /** All of it in a sentence or two: the SMS, the body in the app. */
  readonly short: string;
  /** What to do about it. */
  readonly action?: { readonly label: string; readonly url: string };
}

/** What a text may need beside its data. */
export interface Help {
  /** Address of a page of the product; the segments of its path are escaped. */
  readonly link: (...path: readonly string[]) => string;
  /** A day as the language writes it, from ISO 8601; what is no time is left as it is. */
  readonly day: (time: string) => string;
  /** An address that came as data. It throws for what a browser must not be sent to. */
  readonly foreign: (url: string) => string;
}

type WordsOf<Name extends TemplateName> = (data: TemplateData<Name>, help: Help) => Wording;

/** The texts of these templates in one language. */
export type Words<Names extends TemplateName = TemplateName> = { readonly [Name in Names]: WordsOf<Name> };

/** One language. */
export interface Language {
  readonly words: Words;
  /** Ends an e-mail that nobody can unsubscribe from. */
  readonly footer: string;
  /** Stands before the link to unsubscribe. */
  readonly unsubscribe: string;
}
