import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES, CATEGORY_OF } from '../../../handlers/notifications/templates/categories.ts';
import { LANGUAGES, languageFor } from '../../../handlers/notifications/templates/languages.ts';
import { filled, render } from '../../../handlers/notifications/templates/render.ts';
import { CHANNELS, isTemplate, TEMPLATES } from '../../../lib/catalog/index.ts';

const LINKS = { appUrl: 'https://app.test', unsubscribeUrl: 'https://app.test/unsubscribe?token=a&b' };
const NAMES = Object.keys(TEMPLATES).filter(isTemplate);
const LOCALES = Object.keys(LANGUAGES);

/** Data for any template: each field holds `text`, except those that must be links. */
const dataFor = (name: (typeof NAMES)[number], text: (field: string) => string): Record<string, string> =>
  Object.fromEntries(
    TEMPLATES[name].map((field) => [
      field,
      name === 'export-ready' && field === 'url' ? 'https://files.test/x?a=1&b=2' : text(field),
    ]),
  );

const rendered = (name: (typeof NAMES)[number], locale: string, text: (field: string) => string) =>
  render(name, filled(name, dataFor(name, text)), locale, LINKS);

describe.each(LOCALES)('in %s', (locale) => {
  it.each(NAMES)('%s has a text for every channel, with all that it tells', (name) => {
    const message = rendered(name, locale, (field) => `<${field}>`);
    for (const channel of CHANNELS) {
      for (const text of Object.values(message[channel])) expect(text).toBeTruthy();
    }
    expect(message.email.subject).not.toMatch(/[\r\n]/);
    expect(message.sms.text.length).toBeLessThanOrEqual(300);
    expect(message.email.html).toContain(`lang="${locale}"`);
    // All data are said somewhere, in words or in the link.
    const all = decodeURIComponent(`${message.email.text} ${message.email.subject}`);
    for (const field of TEMPLATES[name]) if (field !== 'url') expect(all).toContain(`<${field}>`);
  });

  it('a datum never comes into HTML unescaped', () => {
    const mark = fc.constantFrom('<', '>', '&', '"', "'", '<script>', '"onload="', "'><img src=x>", '&amp;');
    const text = fc.array(fc.oneof(mark, fc.string({ maxLength: 5 }))).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), text, (name, datum) => {
        const { html } = rendered(name, locale, () => datum).email;
        const plain = rendered(name, locale, () => 'x').email.html;
        // The marks of the page itself are the same, whatever the data are.
        expect(marksOf(html)).toEqual(marksOf(plain));
        expect(html.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
      { numRuns: 300 },
    );
  });
});

/** Everything in a page that a browser takes for markup: without attributes' values, which the data may be part of. */
const marksOf = (html: string): string[] =>
  (html.match(/<[^>]*>|["'<>]/g) ?? []).map((mark) => mark.replace(/href="[^"]*"/g, 'href'));

describe('every template', () => {
  it('differs from language to language', () => {
    for (const name of NAMES) {
      const [en, de] = ['en', 'de'].map((locale) => rendered(name, locale, (field) => field).email.text);
      expect(de).not.toBe(en);
    }
  });

  it('has a category', () => {
    expect(Object.keys(CATEGORY_OF).sort()).toEqual([...NAMES].sort());
    for (const name of ['receipt', 'payment-failed', 'invitation', 'endpoint-paused'] as const) {
      expect(CATEGORIES[CATEGORY_OF[name]].transactional).toBe(true);
    }
    expect(CATEGORIES[CATEGORY_OF.milestone].transactional).toBe(false);
  });

  it('says which data are missing', () => {
    expect(() => filled('receipt', { amount: '1 EUR' })).toThrow(
      'The template receipt needs description, paymentId in data.',
    );
    // Not a field of its own, and therefore missing.
    expect(() => filled('welcome', Object.create({ name: 'Ada' }))).toThrow('needs name');
  });

  it('takes data in one line, of a bearable length', () => {
    const { name } = filled('welcome', { name: 'Ada\r\nBcc: x@test\u202e\u0000\ud800' });
    expect(name).toBe('Ada Bcc: x@test');
    expect(filled('welcome', { name: 'ü'.repeat(5_000) }).name).toHaveLength(1_000);
  });

  it('writes days as the language does, and what is none as it is', () => {
    const subject = (locale: string, trialEndsAt: string) =>
      render('trial-ending', { trialEndsAt }, locale, LINKS).email.subject;
    expect(subject('de', '2026-12-03T10:00:00Z')).toBe('Ihre Testphase endet am 3. Dezember 2026');
    expect(subject('en', '2026-12-03T10:00:00Z')).toBe('Your trial ends on December 3, 2026');
    expect(subject('en', 'soon')).toBe('Your trial ends on soon');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'no link'])('does not link to %s', (url) => {
    expect(() => render('export-ready', { name: 'scans', url }, 'en', LINKS)).toThrow('needs an http or https address');
  });

  it('escapes what becomes a path', () => {
    const { url } = render('milestone', { qrId: '../a?b#c', scans: '100' }, 'en', LINKS).webhook;
    expect(url).toBe('https://app.test/codes/..%2Fa%3Fb%23c/analytics');
  });
});

describe('a letter', () => {
  it('says how to unsubscribe where one can, and why it comes where one cannot', () => {
    expect(render('welcome', { name: 'Ada' }, 'en', LINKS).email.text).toContain(LINKS.unsubscribeUrl);
    const { text, html } = render('welcome', { name: 'Ada' }, 'en', { appUrl: LINKS.appUrl }).email;
    expect(`${text}${html}`).not.toContain('unsubscribe');
  });
});

describe('the language of a locale', () => {
  it.each([
    ['en', 'en'],
    ['de', 'de'],
    ['de-CH', 'de'],
    ['DE-at-1996', 'de'],
    ['de-a-value-x-private', 'de'],
    ['fr', 'en'],
    ['zh-Hant-TW', 'en'],
    ['', 'en'],
    ['no tag', 'en'],
    ['constructor', 'en'],
  ])('%j is %s', (locale, language) => {
    expect(languageFor(locale)).toBe(language);
  });
});
