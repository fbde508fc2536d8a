import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Colour, contrast, parseColour } from '../../../handlers/bulk-qr-processing/colour.ts';
import { MIN_CONTRAST, parseTemplate } from '../../../handlers/bulk-qr-processing/template.ts';
import { PermanentError } from '../../../lib/errors.ts';

const colour = (text: string): Colour => {
  const parsed = parseColour(text);
  if (parsed === undefined) throw new Error(`${text} is no colour`);
  return parsed;
};

const parse = (fields: unknown) => parseTemplate(JSON.stringify(fields), 'flyer');

describe('the contrast of two colours', () => {
  // WCAG 2.2; the ratios that the WebAIM contrast checker gives, to two places.
  it.each([
    ['#000', '#fff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#ff0000', '#ffffff', 4.0],
    ['#0000ff', '#ffffff', 8.59],
    ['#ffff00', '#ffffff', 1.07],
    ['#123456', '#123456', 1],
  ])('%s on %s is %d', (one, other, ratio) => {
    expect(contrast(colour(one), colour(other))).toBeCloseTo(ratio, 1);
    expect(contrast(colour(other), colour(one))).toBeCloseTo(ratio, 1);
  });

  it('takes #RGB and #RRGGBB and nothing else', () => {
    expect(parseColour('#aBc')).toEqual({ hex: '#aabbcc', rgb: [170, 187, 204] });
    for (const text of ['abc', '#abcd', '#ggg', 'red', '', '#12345', '#1234567'])
      expect(parseColour(text)).toBeUndefined();
  });
});

describe('a template', () => {
  it('of nothing has sound defaults', () => {
    expect(parse({})).toMatchObject({ size: 512, margin: 4, errorCorrection: 'M', formats: ['png'], fileName: '{id}' });
  });

  it('raises error correction to H when it has a logo', () => {
    expect(parse({ errorCorrection: 'L', logo: { key: 'logos/a.png' } })).toMatchObject({
      errorCorrection: 'H',
      logo: { key: 'logos/a.png', share: 0.2 },
    });
  });

  it('lists each format once', () => {
    expect(parse({ formats: ['pdf', 'png', 'pdf'] }).formats).toEqual(['png', 'pdf']);
  });

  it.each([
    [{ size: 63 }, /size must be a whole number from 64 to 4096/],
    [{ size: 4097 }, /size/],
    [{ size: 512.5 }, /size/],
    [{ size: '512' }, /size/],
    [{ margin: -1 }, /margin must be a whole number from 0 to 32/],
    [{ margin: 33 }, /margin/],
    [{ errorCorrection: 'm' }, /errorCorrection must be L, M, Q or H/],
    [{ foreground: 'black' }, /foreground must be a colour/],
    [{ background: 7 }, /background must be a colour/],
    [{ formats: [] }, /formats must be a list/],
    [{ formats: 'png' }, /formats must be a list/],
    [{ formats: ['png', 'gif'] }, /not "gif"/],
    [{ logo: 'logo.png' }, /logo must be an object/],
    [{ logo: { key: '' } }, /logo.key/],
    [{ logo: { key: 'a', share: 0.3 } }, /logo.share must be a share of the width from 0.05 to 0.25/],
    [{ fileName: '' }, /fileName must be/],
    [{ fileName: '{name}' }, /fileName holds \{name\}/],
    [{ fileName: '{id' }, /fileName holds \{id/],
    [{ colour: '#000' }, /colour is not a field of a template/],
    [{ foreground: '#fff', background: '#000' }, /foreground must be darker/],
    [[], /not a JSON object/],
    [null, /not a JSON object/],
  ])('%j is refused by the name of its field', (fields, message) => {
    expect(() => parse(fields)).toThrow(message);
    expect(() => parse(fields)).toThrow(PermanentError);
  });

  it('that is no JSON is refused', () => {
    expect(() => parseTemplate('{', 'flyer')).toThrow('Template flyer: it is not valid JSON');
  });

  it('is taken exactly when its foreground is the darker and the contrast suffices', () => {
    const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(hex, hex, (foreground, background) => {
        const [dark, light] = [colour(foreground), colour(background)];
        const isSound =
          contrast(dark, light) >= MIN_CONTRAST && contrast(dark, colour('#000')) < contrast(light, colour('#000'));
        const take = () => parse({ foreground, background });
        if (isSound) expect(take().foreground.hex).toBe(foreground);
        else expect(take).toThrow(/darker|contrast/);
      }),
    );
  });
});
