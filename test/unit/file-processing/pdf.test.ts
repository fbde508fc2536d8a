import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dangerIn } from '../../../handlers/file-processing/pdf/dangers.ts';
import { checkDocument } from '../../../handlers/file-processing/pdf/document.ts';

const file = {
  fileId: 'f1',
  userId: 'u1',
  key: 'uploads/u1/f1',
  purpose: 'document',
  fileName: null,
  templateId: null,
  columns: {},
  priority: 'normal',
} as const;
const check = (...parts: readonly (string | Buffer)[]) => {
  const content = Buffer.concat(['%PDF-1.7\n', ...parts, '\n%%EOF\n'].map((part) => Buffer.from(part)));
  return checkDocument({ file, type: 'application/pdf', bytes: content.length }, content);
};
const objectStream = (text: string, head = '<</Type/ObjStm/Filter/FlateDecode/N 1/First 4>>') => [
  `7 0 obj\n${head}\nstream\r\n`,
  deflateSync(text),
  '\nendstream endobj',
];

describe('a document', () => {
  it('without anything that runs is passed through', () => {
    const plain = '1 0 obj <</Type/Catalog/OpenAction[2 0 R/Fit]/Names<<>>>> endobj';
    expect(check(plain, ...objectStream('1 0 <</Type/Page>>')).outputs).toEqual(['uploads/u1/f1']);
    expect(check('<</S/URI/URI(https://developer.mozilla.org/docs/Web/JavaScript)>>').contentType).toBe(
      'application/pdf',
    );
    expect(check('/EncryptMetadata false /JavaScripts /Launches')).toBeDefined();
  });

  const dangers: readonly (readonly [text: string, reason: string])[] = [
    ['<</Type/Action/S/JavaScript/JS(app.alert\\(1\\))>>', 'JavaScript'],
    ['<</S /J#61vaScript /JS 5 0 R>>', 'JavaScript'],
    ['<</Names<</JavaScript 4 0 R>>>>', 'JavaScript'],
    ['<</Next 5 0 R/S/Launch/F(cmd.exe)>>', 'starts a program'],
    ['trailer <</Root 1 0 R/Encrypt 9 0 R>>', 'encrypted'],
    ['trailer <</Encrypt<</Filter/Standard>>>>', 'encrypted'],
    ['<</Type/Annot/Subtype/RichMedia>>', 'embedded media'],
    ['<</Names<</EmbeddedFiles 3 0 R>>>>', 'embedded media or files'],
  ];
  for (const [text, reason] of dangers) {
    it(`with ${text} is refused, in an object stream too`, () => {
      expect(() => check(text)).toThrow(reason);
      if (!text.startsWith('trailer')) expect(() => check(...objectStream(`1 0 ${text}`))).toThrow(reason);
    });
  }

  it('that is cut off, or packed so that nobody can look, is refused', () => {
    expect(() => checkDocument({ file, type: 'application/pdf', bytes: 9 }, Buffer.from('%PDF-1.7\n'))).toThrow(
      'cut off',
    );
    const odd = objectStream('x', '<</Filter/ASCII85Decode/Type/ObjStm>>').map((part) => Buffer.from(part));
    odd[1] = Buffer.from('9jqo^~>');
    expect(() => check(...odd)).toThrow('cannot be checked');
    expect(() => check(...objectStream(' '.repeat(33 * 1024 ** 2)))).toThrow('unpacks to more');
  });
});

it('the bytes of pictures within a document are not taken for names', () => {
  const noise = Buffer.alloc(2 * 1024 ** 2);
  for (let i = 0, state = 7; i < noise.length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    noise[i] = state >>> 16;
  }
  expect(dangerIn(noise)).toBeUndefined();
});
