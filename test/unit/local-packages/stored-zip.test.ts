import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedZip } from '../../../lib/local/packages/stored-zip.ts';
import { unzip } from '../../support/zip.ts';

describe('a jar of service files', () => {
  it('is a zip in which another reader finds every file as it was', async () => {
    const names = fc.stringMatching(/^[a-z]{1,8}(\/[a-zA-Z.]{1,20})?$/);
    const files = fc.uniqueArray(fc.tuple(names, fc.string({ unit: 'grapheme' })), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const found = await unzip(storedZip(given));
        expect(new Map([...found].map(([name, content]) => [name, content.toString()]))).toEqual(new Map(given));
      }),
      { numRuns: 50 },
    );
  });
});
