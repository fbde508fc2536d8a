import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isEventType } from '../../../lib/catalog/index.ts';
import { reads, schemaTextOf } from '../../../lib/events/index.ts';
import { PROJECT_ROOT } from '../../../lib/functions/index.ts';

const folder = join(PROJECT_ROOT, 'schemas', 'released');
const released = readdirSync(folder).map((file) => ({
  type: basename(file, '.avsc'),
  text: readFileSync(join(folder, file), 'utf8'),
}));

describe('the schemas of today', () => {
  it.each(released)('read what was written by the released $type', ({ type, text }) => {
    expect(isEventType(type), `${type} was released, so its records are in the topics`).toBe(true);
    if (isEventType(type)) expect(reads(schemaTextOf(type), text)).toBe(true);
  });
});

const schemaWith = (...fields: readonly object[]): string => JSON.stringify({ type: 'record', name: 'Thing', fields });
const ID = { name: 'id', type: 'string' };

describe('the check', () => {
  it.each([
    ['a field with a default is added', [ID, { name: 'note', type: 'string', default: '' }], true],
    ['a field is removed', [], true],
    ['a field without a default is added', [ID, { name: 'note', type: 'string' }], false],
    ['a field is renamed', [{ name: 'key', type: 'string' }], false],
    ['a field changes its type', [{ name: 'id', type: 'int' }], false],
  ])('knows what becomes of old records when %s', (_, fields, compatible) => {
    expect(reads(schemaWith(...fields), schemaWith(ID))).toBe(compatible);
  });
});
