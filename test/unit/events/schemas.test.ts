import { describe, expect, it } from 'vitest';
import { SUBJECTS, schemaTextOf } from '../../../lib/events/index.ts';

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
  readonly doc?: string;
}

const fieldsOf = (type: (typeof SUBJECTS)[number]['type']): readonly Field[] => JSON.parse(schemaTextOf(type)).fields;

const envelopeOf = (type: (typeof SUBJECTS)[number]['type']): readonly Field[] =>
  fieldsOf(type)
    .filter(({ name }) => name !== 'payload')
    .map((field) => (field.name === 'eventType' ? { ...field, default: undefined } : field));

describe('the schemas', () => {
  it.each(SUBJECTS)('$type has the envelope of all events, and its own name as type', ({ type }) => {
    expect(envelopeOf(type)).toEqual(envelopeOf('qr.scanned'));
    expect(fieldsOf(type).find(({ name }) => name === 'eventType')?.default).toBe(type);
  });

  it.each(SUBJECTS)('$type says of each field what it is', ({ type }) => {
    const payload: { fields: readonly Field[] } = JSON.parse(schemaTextOf(type)).fields.find(
      ({ name }: Field) => name === 'payload',
    ).type;
    for (const { name, doc } of payload.fields) expect(doc, name).toMatch(/\S/);
  });
});
