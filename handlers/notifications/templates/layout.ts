import type { Language, Wording } from './wording.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, in an element or in a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** What every e-mail of a language is made of. */
export interface LetterParts extends Pick<Language, 'footer' | 'unsubscribe'> {
  readonly language: string;
  readonly wording: Wording;
  /** Undefined for messages that nobody can unsubscribe from. */
  readonly unsubscribeUrl: string | undefined;
}

/** The plain text of an e-mail. */
export const textLetter = ({ wording, footer, unsubscribe, unsubscribeUrl }: LetterParts): string => {
  const { paragraphs, action } = wording;
  const end = unsubscribeUrl === undefined ? footer : `${footer}\n${unsubscribe} ${unsubscribeUrl}`;
  return [
    ...paragraphs,
    ...(action === undefined ? [] : [`${action.label}: ${action.url}`]),
    // "-- " begins a signature (RFC 3676, section 4.3).
    `-- \n${end}`,
  ].join('\n\n');
};

const STYLE = {
  body: 'margin:0;padding:24px;background:#f4f4f5;font:16px/1.5 system-ui,sans-serif;color:#18181b',
  sheet: 'max-width:560px;margin:0 auto;padding:24px;background:#fff;border-radius:8px',
  button: 'display:inline-block;padding:10px 18px;border-radius:6px;background:#18181b;color:#fff;text-decoration:none',
  footer: 'max-width:560px;margin:16px auto 0;font-size:13px;color:#52525b',
};

/** The HTML of an e-mail; every text in it is escaped here and nowhere else. */
export const htmlLetter = (parts: LetterParts): string => {
  const { wording, language, footer, unsubscribe, unsubscribeUrl } = parts;
  const { subject, paragraphs, action } = wording;
  const link = (url: string, label: string, style = ''): string =>
    `<a href="${escapeHtml(url)}"${style === '' ? '' : ` style="${style}"`}>${escapeHtml(label)}</a>`;
  return [
    `<!doctype html><html lang="${escapeHtml(language)}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>`,
    `<body style="${STYLE.body}"><div style="${STYLE.sheet}">`,
    `<h1 style="font-size:20px;margin:0 0 16px">${escapeHtml(subject)}</h1>`,
    ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    ...(action === undefined ? [] : [`<p>${link(action.url, action.label, STYLE.button)}</p>`]),
    `</div><p style="${STYLE.footer}">${escapeHtml(footer)}`,
    ...(unsubscribeUrl === undefined ? [] : [`<br>${escapeHtml(unsubscribe)} ${link(unsubscribeUrl, unsubscribeUrl)}`]),
    '</p></body></html>',
  ].join('\n');
};
